package io.keelson.cli.call;

import io.keelson.api.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads what the API answered, where its type is known from the message. */
public final class Values {
  private Values() {}

  /** A text: a reference, a string, a date, the name of an enum's value. */
  public static String text(Value value) {
    return switch (value) {
      case Value.Text(String text) -> text;
      case Value.Moment(String text) -> text;
      case Value.Whole(long number) -> Long.toString(number);
      case Value.Flag(boolean on) -> Boolean.toString(on);
      case Value.Real(double number) -> "%.3f".formatted(number);
      case Value.Nothing() -> "";
      case Value.Sequence _, Value.Structure _ -> throw unexpected(value);
    };
  }

  public static boolean flag(Value value) {
    if (value instanceof Value.Flag(boolean on)) {
      return on;
    }
    throw unexpected(value);
  }

  public static long whole(Value value) {
    if (value instanceof Value.Whole(long number)) {
      return number;
    }
    throw unexpected(value);
  }

  public static double real(Value value) {
    return switch (value) {
      case Value.Real(double number) -> number;
      case Value.Whole(long number) -> number;
      case Value.Text _,
          Value.Flag _,
          Value.Moment _,
          Value.Sequence _,
          Value.Structure _,
          Value.Nothing _ ->
          throw unexpected(value);
    };
  }

  public static List<Value> items(Value value) {
    if (value instanceof Value.Sequence(List<Value> items)) {
      return items;
    }
    throw unexpected(value);
  }

  public static List<String> texts(Value value) {
    return items(value).stream().map(Values::text).toList();
  }

  public static Map<String, Value> members(Value value) {
    if (value instanceof Value.Structure(Map<String, Value> members)) {
      return members;
    }
    throw unexpected(value);
  }

  /** A member of a record that every record of its class has. */
  public static Value member(Map<String, Value> record, String name) {
    Value value = record.get(name);
    if (value == null) {
      throw new IllegalStateException("a record without " + name);
    }
    return value;
  }

  /** A map of texts, in the order of its keys. */
  public static Map<String, String> map(Value value) {
    Map<String, String> map = new TreeMap<>();
    members(value).forEach((key, member) -> map.put(key, text(member)));
    return map;
  }

  /** What a map parameter of a message is sent as. */
  public static Value of(Map<String, String> map) {
    Map<String, Value> members = new LinkedHashMap<>();
    map.forEach((key, text) -> members.put(key, new Value.Text(text)));
    return new Value.Structure(members);
  }

  /** What a set parameter of a message is sent as. */
  public static Value of(List<String> texts) {
    return new Value.Sequence(texts.stream().<Value>map(Value.Text::new).toList());
  }

  private static IllegalStateException unexpected(Value value) {
    return new IllegalStateException("an answer of another type than documented: " + value);
  }
}

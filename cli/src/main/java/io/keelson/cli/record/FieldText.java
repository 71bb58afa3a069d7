package io.keelson.cli.record;

import io.keelson.api.Type;
import io.keelson.api.Value;
import io.keelson.cli.call.Values;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How the command line writes values of the API's types; references as uuids. */
final class FieldText {
  private FieldText() {}

  static String of(Type<?> type, Value value, Objects objects) {
    return switch (type) {
      case Type.Reference<?>(String apiClass) -> objects.uuid(apiClass, Values.text(value));
      case Type.RecordOf<?> _ -> throw new IllegalStateException("a record in a field");
      case Type.Single<?> _ -> Values.text(value);
      case Type.AnySet<?, ?> _ -> String.join("; ", members(type, value, objects));
      case Type.MapOf<?, ?> _ -> text(entries(type, value, objects));
    };
  }

  static String text(Map<String, String> entries) {
    return entries.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining("; "));
  }

  static List<String> members(Type<?> type, Value value, Objects objects) {
    Type<?> member = memberType(type);
    return Values.items(value).stream().map(item -> of(member, item, objects)).toList();
  }

  /** What the members of a set are. */
  static Type<?> memberType(Type<?> set) {
    if (!(set instanceof Type.AnySet<?, ?> members)) {
      throw new IllegalStateException("no set: " + set);
    }
    return members.member();
  }

  /** The entries of a map in the order of their keys: the API keeps none. */
  static Map<String, String> entries(Type<?> type, Value value, Objects objects) {
    if (!(type instanceof Type.MapOf<?, ?>(Type<?> _, Type<?> values))) {
      throw new IllegalStateException("no map: " + type);
    }
    Map<String, String> entries = new TreeMap<>();
    Values.members(value).forEach((key, member) -> entries.put(key, of(values, member, objects)));
    return entries;
  }
}

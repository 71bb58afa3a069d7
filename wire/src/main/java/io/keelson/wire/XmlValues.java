package io.keelson.wire;

import io.keelson.api.Value;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads XML-RPC values. A number, date or truth value that makes no sense stays text: only whoever
 * knows which parameter it is for can answer INVALID_VALUE with its name.
 */
final class XmlValues {
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private final XmlCursor in;

  XmlValues(XmlCursor in) {
    this.in = in;
  }

  /** Reads an element {@code value}. */
  Value value(int depth) {
    in.count().add(depth);
    in.enter("value");
    String text = in.text();
    if (!text.isBlank() || !in.hasChild()) {
      in.leave();
      return new Value.Text(text);
    }
    Value value =
        switch (in.enter()) {
          case "string" -> new Value.Text(in.text());
          case "int", "i4", "i8" -> whole(in.text());
          case "boolean" -> flag(in.text());
          case "double" -> real(in.text());
          case "dateTime.iso8601" -> new Value.Moment(in.text().strip());
          case "base64" -> bytes(in.text());
          case "nil", "ex:nil" -> new Value.Nothing();
          case "array" -> sequence(depth);
          case "struct" -> structure(depth);
          default -> throw XmlCursor.notACall("a value has a type that XML-RPC does not know");
        };
    in.leave();
    in.leave();
    return value;
  }

  private Value sequence(int depth) {
    List<Value> items = new ArrayList<>();
    in.enter("data");
    while (in.hasChild()) {
      items.add(value(depth + 1));
    }
    in.leave();
    return new Value.Sequence(List.copyOf(items));
  }

  private Value structure(int depth) {
    Map<String, Value> members = new LinkedHashMap<>();
    while (in.hasChild()) {
      in.enter("member");
      in.enter("name");
      String name = in.text();
      in.leave();
      if (members.put(name, value(depth + 1)) != null) {
        throw XmlCursor.notACall("a member is there twice");
      }
      in.leave();
    }
    return new Value.Structure(members);
  }

  private static Value whole(String text) {
    try {
      return new Value.Whole(Long.parseLong(number(text)));
    } catch (NumberFormatException _) {
      return new Value.Text(text);
    }
  }

  private static Value real(String text) {
    String number = number(text);
    return switch (number) {
      case "nan", "NaN" -> new Value.Real(Double.NaN);
      case "inf", "+inf", "Infinity", "+Infinity" -> new Value.Real(Double.POSITIVE_INFINITY);
      case "-inf", "-Infinity" -> new Value.Real(Double.NEGATIVE_INFINITY);
      default -> {
        try {
          yield new Value.Real(Double.parseDouble(number));
        } catch (NumberFormatException _) {
          yield new Value.Text(text);
        }
      }
    };
  }

  private static String number(String text) {
    String stripped = text.strip();
    if (stripped.length() > WireLimits.NUMBER_LENGTH) {
      throw new WireException(WireException.Kind.LIMIT, "a number is too long");
    }
    return stripped;
  }

  private static Value flag(String text) {
    return switch (text.strip()) {
      case "1", "true" -> new Value.Flag(true);
      case "0", "false" -> new Value.Flag(false);
      default -> new Value.Text(text);
    };
  }

  /** No parameter of the API is binary: the bytes are taken as the text that they encode. */
  private static Value bytes(String text) {
    try {
      byte[] decoded = Base64.getDecoder().decode(SPACE.matcher(text).replaceAll(""));
      return new Value.Text(LenientUtf8.decode(decoded));
    } catch (IllegalArgumentException _) {
      throw XmlCursor.notACall("a value is not valid base64");
    }
  }
}

package io.keelson.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a value that came over a wire is, read as one type or another.
 *
 * <p>As lenient as the reference implementation (numbers may come as text). A value of another type
 * is answered with FIELD_TYPE_ERROR, a text that means nothing with INVALID_VALUE; both name the
 * field or parameter.
 */
final class Reading {
  private Reading() {}

  static String text(Value value, String field) {
    if (!(value instanceof Value.Text(String text))) {
      throw ApiErrors.fieldTypeError(field);
    }
    return text;
  }

  static long whole(Value value, String field) {
    return switch (value) {
      case Value.Whole(long number) -> number;
      case Value.Text(String text) -> WholeText.parse(text, field);
      case Value.Real _,
          Value.Flag _,
          Value.Moment _,
          Value.Sequence _,
          Value.Structure _,
          Value.Nothing _ ->
          throw ApiErrors.fieldTypeError(field);
    };
  }

  static double real(Value value, String field) {
    return switch (value) {
      case Value.Real(double number) -> number;
      case Value.Whole(long number) -> (double) number;
      case Value.Text(String text) -> real(text, field);
      case Value.Flag _, Value.Moment _, Value.Sequence _, Value.Structure _, Value.Nothing _ ->
          throw ApiErrors.fieldTypeError(field);
    };
  }

  private static double real(String text, String field) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException _) {
      throw ApiErrors.invalidValue(field, text);
    }
  }

  static boolean flag(Value value, String field) {
    if (!(value instanceof Value.Flag(boolean on))) {
      throw ApiErrors.fieldTypeError(field);
    }
    return on;
  }

  static Instant moment(Value value, String field) {
    return switch (value) {
      case Value.Moment(String text) -> DateText.parse(text, field);
      case Value.Text(String text) -> DateText.parse(text, field);
      case Value.Whole _,
          Value.Real _,
          Value.Flag _,
          Value.Sequence _,
          Value.Structure _,
          Value.Nothing _ ->
          throw ApiErrors.fieldTypeError(field);
    };
  }

  static List<Value> items(Value value, String field) {
    if (!(value instanceof Value.Sequence(var items))) {
      throw ApiErrors.fieldTypeError(field);
    }
    return items;
  }

  static Map<String, Value> members(Value value, String field) {
    if (!(value instanceof Value.Structure(var members))) {
      throw ApiErrors.fieldTypeError(field);
    }
    return members;
  }
}

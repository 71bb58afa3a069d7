package io.keelson.control.gate;

import io.keelson.api.ApiErrors;
import io.keelson.api.Value;

/** Refuses text that is no valid Unicode, or that XML could not carry back to the client. */
final class CleanText {
  private static final String COMPLAINT = "Invalid UTF-8 string in parameter";

  private CleanText() {}

  /**
   * @throws io.keelson.api.ApiError INVALID_VALUE, naming the parameter
   */
  static void require(Value value, String parameter) {
    if (!isClean(value)) {
      throw ApiErrors.invalidValue(COMPLAINT, parameter);
    }
  }

  private static boolean isClean(Value value) {
    return switch (value) {
      case Value.Text(String text) -> isClean(text);
      case Value.Moment(String text) -> isClean(text);
      case Value.Sequence(var items) -> items.stream().allMatch(CleanText::isClean);
      case Value.Structure(var members) ->
          members.entrySet().stream().allMatch(m -> isClean(m.getKey()) && isClean(m.getValue()));
      case Value.Whole _, Value.Real _, Value.Flag _, Value.Nothing _ -> true;
    };
  }

  static boolean isClean(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (!stands(c)) {
        return false;
      }
    }
    return true;
  }

  private static boolean stands(char c) {
    return c >= 0x20
        ? !Character.isSurrogate(c) && c < 0xFFFE
        : c == '\t' || c == '\n' || c == '\r';
  }
}

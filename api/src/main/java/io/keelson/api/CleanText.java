package io.keelson.api;

/**
 * Which text every wire can carry: valid Unicode with no character that XML 1.0 forbids. Text that
 * came in otherwise is kept by the readers as it was (bytes that are no UTF-8 as lone surrogates),
 * so that the gate can say which parameter it stood in: INVALID_VALUE with {@link #COMPLAINT}.
 */
public final class CleanText {
  /** First parameter of the INVALID_VALUE that unclean text is answered with. */
  public static final String COMPLAINT = "Invalid UTF-8 string in parameter";

  private CleanText() {}

  /**
   * @throws ApiError INVALID_VALUE, naming the parameter
   */
  public static void require(Value value, String parameter) {
    if (!isClean(value)) {
      throw ApiErrors.invalidValue(COMPLAINT, parameter);
    }
  }

  public static boolean isClean(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x20 && c < 0xD800) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (!isAllowed(c)) {
        return false;
      }
    }
    return true;
  }

  /** Whether all text in a value is clean, names of members included. */
  public static boolean isClean(Value value) {
    return switch (value) {
      case Value.Text t -> isClean(t.text());
      case Value.Moment m -> isClean(m.text());
      case Value.Sequence s -> s.items().stream().allMatch(CleanText::isClean);
      case Value.Structure s ->
          s.members().entrySet().stream()
              .allMatch(m -> isClean(m.getKey()) && isClean(m.getValue()));
      case Value.Whole _, Value.Real _, Value.Flag _, Value.Nothing _ -> true;
    };
  }

  /** Whether a UTF-16 unit that stands alone may stand in XML. */
  public static boolean isAllowed(char c) {
    if (c < 0x20) {
      return c == '\t' || c == '\n' || c == '\r';
    }
    return !Character.isSurrogate(c) && c < 0xFFFE;
  }
}

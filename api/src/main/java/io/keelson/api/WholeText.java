package io.keelson.api;

/** Whole numbers as text, as liberally as the reference implementation reads them. */
final class WholeText {
  private WholeText() {}

  /** Decimal, or 0x, 0o, 0b; a sign; underscores between digits. 64 bits. */
  static long parse(String text, String field) {
    String digits = text.replace("_", "");
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    int radix = 10;
    if (digits.length() > 2 && digits.charAt(0) == '0') {
      radix =
          switch (digits.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
          };
      digits = radix == 10 ? digits : digits.substring(2);
    }
    try {
      if (!digits.matches("[0-9A-Fa-f]+")) {
        throw new NumberFormatException("not ASCII digits");
      }
      return Long.parseLong(negative ? "-" + digits : digits, radix);
    } catch (NumberFormatException _) {
      throw ApiErrors.invalidValue(field, text);
    }
  }
}

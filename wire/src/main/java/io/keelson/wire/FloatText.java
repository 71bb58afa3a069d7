package io.keelson.wire;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Floating-point numbers as text. */
final class FloatText {
  /** Below this every whole double is written by its digits alone. */
  private static final double PLAIN_WHOLE = 1e15;

  private FloatText() {}

  /** As C's {@code %.16g}: what clients of XML-RPC are used to. */
  static String xml(double number) {
    if (Double.isNaN(number)) {
      return "nan";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    }
    return general(number, 16);
  }

  /**
   * The shortest of 16 and 17 digits that reads back as the same number, always with a fraction.
   */
  static String json(double number) {
    String text = general(number, 16);
    if (Double.parseDouble(text) != number) {
      text = general(number, 17);
    }
    return text.indexOf('.') < 0 && text.indexOf('e') < 0 ? text + ".0" : text;
  }

  private static String general(double number, int precision) {
    if (number == 0) {
      return 1 / number < 0 ? "-0" : "0";
    }
    if (number == Math.rint(number) && Math.abs(number) < PLAIN_WHOLE) {
      return Long.toString((long) number);
    }
    BigDecimal rounded =
        new BigDecimal(number)
            .round(new MathContext(precision, RoundingMode.HALF_EVEN))
            .stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    return exponent < -4 || exponent >= precision
        ? scientific(rounded, exponent)
        : rounded.toPlainString();
  }

  private static String scientific(BigDecimal number, int exponent) {
    String digits = number.unscaledValue().abs().toString();
    var text = new StringBuilder();
    if (number.signum() < 0) {
      text.append('-');
    }
    text.append(digits.charAt(0));
    if (digits.length() > 1) {
      text.append('.').append(digits, 1, digits.length());
    }
    text.append('e').append(exponent < 0 ? '-' : '+');
    if (Math.abs(exponent) < 10) {
      text.append('0');
    }
    return text.append(Math.abs(exponent)).toString();
  }
}

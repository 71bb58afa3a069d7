package io.keelson.server.metrics;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as archives are exchanged with: fifteen significant digits, as C's {@code %.15g}. */
final class NumberText {
  private static final int DIGITS = 15;
  private static final int LEAST_EXPONENT = -4;
  private static final MathContext ROUNDED = new MathContext(DIGITS, RoundingMode.HALF_EVEN);

  private NumberText() {}

  static String of(double number) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "Infinity" : "-Infinity";
    }
    if (number == 0) {
      return "0.0";
    }
    BigDecimal rounded = new BigDecimal(number).round(ROUNDED).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    return exponent < LEAST_EXPONENT || exponent >= DIGITS
        ? scientific(rounded, exponent)
        : rounded.toPlainString();
  }

  private static String scientific(BigDecimal rounded, int exponent) {
    String digits = rounded.unscaledValue().abs().toString();
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    String sign = rounded.signum() < 0 ? "-" : "";
    String width = Math.abs(exponent) < 10 ? "0" : "";
    return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + width + Math.abs(exponent);
  }
}

package io.keelson.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class NumberTextTest {

  @Property
  void textIsTheNumberToFifteenDigits(
      @ForAll @DoubleRange(min = -1e300, max = 1e300) double number) {
    String text = NumberText.of(number);
    double read = Double.parseDouble(text);
    assertThat(read).isCloseTo(number, within(Math.abs(number) * 1e-14));
    assertThat(text).matches("0\\.0|-?\\d+(\\.\\d+)?(e[+-]\\d{2,3})?");
    assertThat(text.replaceFirst("e.*", "").replaceAll("^-?0?\\.?0*|[.-]", "").length())
        .isLessThanOrEqualTo(15);
  }

  @Property
  void wholeNumbersAreWrittenAsThatUntilTheyAreTooLong(@ForAll int number) {
    assertThat(NumberText.of(number)).isEqualTo(number == 0 ? "0.0" : Integer.toString(number));
  }

  /** As C prints them with %.15g. */
  @Test
  void knownTexts() {
    assertThat(NumberText.of(Double.NaN)).isEqualTo("NaN");
    assertThat(NumberText.of(Double.POSITIVE_INFINITY)).isEqualTo("Infinity");
    assertThat(NumberText.of(Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
    assertThat(NumberText.of(-0.0)).isEqualTo("0.0");
    assertThat(NumberText.of(0.1)).isEqualTo("0.1");
    assertThat(NumberText.of(1.0 / 3)).isEqualTo("0.333333333333333");
    assertThat(NumberText.of(-2.5)).isEqualTo("-2.5");
    assertThat(NumberText.of(0.0001)).isEqualTo("0.0001");
    assertThat(NumberText.of(0.00001)).isEqualTo("1e-05");
    assertThat(NumberText.of(123_456_789_012_345.0)).isEqualTo("123456789012345");
    assertThat(NumberText.of(1e15)).isEqualTo("1e+15");
    assertThat(NumberText.of(1.5e300)).isEqualTo("1.5e+300");
    assertThat(NumberText.of(999_999_999_999_999.9)).isEqualTo("1e+15");
  }
}

package io.keelson.wire;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatTextTest {
  @ParameterizedTest
  @CsvSource({
    "0.0, 0, 0.0",
    "-0.0, -0, -0.0",
    "1.0, 1, 1.0",
    "0.1, 0.1, 0.1",
    "0.30000000000000004, 0.3, 0.30000000000000004",
    "0.0001, 0.0001, 0.0001",
    "0.00001, 1e-05, 1e-05",
    "1e15, 1000000000000000, 1000000000000000.0",
    "1e16, 1e+16, 1e+16",
    "123456789012345680, 1.234567890123457e+17, 1.2345678901234568e+17",
    "0.3333333333333333, 0.3333333333333333, 0.3333333333333333",
    "5e-324, 4.940656458412465e-324, 4.940656458412465e-324",
    "-1.7976931348623157e308, -1.797693134862316e+308, -1.7976931348623157e+308",
    "999999999999999.9, 999999999999999.9, 999999999999999.9",
  })
  void asTheReferencePrints(double number, String xml, String json) {
    assertThat(FloatText.xml(number)).isEqualTo(xml);
    assertThat(FloatText.json(number)).isEqualTo(json);
  }

  @Test
  void whatIsNoNumber() {
    assertThat(FloatText.xml(Double.NaN)).isEqualTo("nan");
    assertThat(FloatText.xml(Double.POSITIVE_INFINITY)).isEqualTo("inf");
    assertThat(FloatText.xml(Double.NEGATIVE_INFINITY)).isEqualTo("-inf");
  }

  @Property
  void jsonReadsBackExactly(@ForAll double number) {
    assertThat(Double.parseDouble(FloatText.json(number))).isEqualTo(number);
  }
}

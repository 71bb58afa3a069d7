package io.keelson.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.model.VmPowerState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypeReadingTest {

  @ParameterizedTest
  @CsvSource({
    "12, 12",
    "-1, -1",
    "+7, 7",
    "0x10, 16",
    "-0x10, -16",
    "0b101, 5",
    "0o17, 15",
    "1_000, 1000",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808"
  })
  void an_int_may_come_as_text(String text, long number) {
    assertThat(Types.INT.read(new Value.Text(text), "order")).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1.5", "--1", "9223372036854775808", "0x", "- 1", "١"})
  void other_text_is_an_invalid_value(String text) {
    assertThatThrownBy(() -> Types.INT.read(new Value.Text(text), "order"))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> assertThat(e.description()).containsExactly("INVALID_VALUE", "order", text));
  }

  @Property
  void a_value_of_another_kind_is_a_type_error(@ForAll("values") Value value) {
    for (Type<?> type :
        List.of(
            Types.STRING, Types.INT, Types.FLOAT, Types.BOOL, Types.DATETIME, VmPowerState.TYPE)) {
      try {
        type.read(value, "field");
      } catch (ApiError e) {
        assertThat(e.code()).isIn(ErrorCode.FIELD_TYPE_ERROR, ErrorCode.INVALID_VALUE);
        assertThat(e.parameters().getFirst()).isEqualTo("field");
      }
    }
  }

  @Provide
  Arbitrary<Value> values() {
    Arbitrary<Value> leaf =
        Arbitraries.oneOf(
            Arbitraries.strings().map(Value.Text::new),
            Arbitraries.longs().map(Value.Whole::new),
            Arbitraries.doubles().map(Value.Real::new),
            Arbitraries.of(true, false).map(Value.Flag::new),
            Arbitraries.strings().map(Value.Moment::new),
            Arbitraries.just(new Value.Nothing()));
    return Arbitraries.oneOf(
        leaf,
        leaf.list().ofMaxSize(3).map(Value.Sequence::new),
        Combinators.combine(Arbitraries.strings(), leaf)
            .as((k, v) -> new Value.Structure(Map.of(k, v))));
  }

  @Test
  void only_a_truth_value_is_a_bool() {
    assertThat(Types.BOOL.read(new Value.Flag(true), "b")).isTrue();
    assertThatThrownBy(() -> Types.BOOL.read(new Value.Text("true"), "b"))
        .isInstanceOf(ApiError.class);
  }

  @ParameterizedTest
  @CsvSource({
    "20260131T12:00:01Z, 2026-01-31T12:00:01Z",
    "2026-01-31T12:00:01Z, 2026-01-31T12:00:01Z",
    "20260131T12:00:01, 2026-01-31T12:00:01Z",
    "20260131T12:00:01.999Z, 2026-01-31T12:00:01Z",
    "20260131T12:00:01+01:00, 2026-01-31T11:00:01Z"
  })
  void dates_come_in_many_forms_and_leave_in_one(String text, Instant instant) {
    assertThat(DateText.parse(text, "d")).isEqualTo(instant);
    assertThat(DateText.parse(DateText.format(instant), "d")).isEqualTo(instant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "today", "20261331T12:00:00Z", "20260131", "20260131T25:00:00Z"})
  void what_is_no_date_is_an_invalid_value(String text) {
    assertThatThrownBy(() -> DateText.parse(text, "d"))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> assertThat(e.description()).containsExactly("INVALID_VALUE", "d", text));
  }
}

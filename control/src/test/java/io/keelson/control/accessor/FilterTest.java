package io.keelson.control.accessor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.ApiError;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The language of get_all_records_where. */
class FilterTest {
  private static final Map<String, String> FIELDS = Map.of("a", "1", "b__c", "x y", "e", "");

  private static boolean matches(String expression) {
    return FilterParser.parse(expression, FIELDS::containsKey).matches(FIELDS::get);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "true, true",
        "false, false",
        "not false, true",
        "not not true, true",
        "field \"a\" = \"1\", true",
        "field \"a\"=\"1\", true",
        "\"1\" = field \"a\", true",
        "field \"b__c\" = \"x y\" and not field \"a\" = \"2\", true",
        "(field \"a\" = \"2\" or field \"a\" = \"1\") and true, true",
        // alike, to the left: (true or true) and false
        "true or true and false, false",
        "false and true or true, true",
        // not takes one condition: (not false) or true, (not true) and false
        "not false or true, true",
        "not true and false, false",
        "not (true and false), true",
        "field \"e\" = \"\", true",
        "\"a\" = \"a\", true",
      })
  void means(String expression, boolean expected) {
    assertThat(matches(expression)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tru",
        "true false",
        "field \"a\"",
        "field a = \"1\"",
        "(true",
        "true)",
        "not",
        "field \"nope\" = \"\"",
        "\"a\" = \"b",
        "and",
        "TRUE",
        "true and",
        "truefalse",
        "\"a\""
      })
  void isRefused(String expression) {
    assertThatThrownBy(() -> matches(expression))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> assertThat(e.description()).startsWith("INVALID_VALUE", expression).hasSize(3));
  }

  @Test
  void isBounded() {
    assertThatThrownBy(() -> matches("(".repeat(100_000))).hasMessageContaining("too deep");
    assertThatThrownBy(() -> matches("not ".repeat(100_000))).hasMessageContaining("too deep");
    assertThatThrownBy(() -> matches("true" + " and true".repeat(100_000)))
        .hasMessageContaining("too long");
  }

  @Property
  void anyTextIsReadOrRefused(@ForAll String expression) {
    try {
      var _ = matches(expression);
    } catch (ApiError e) {
      assertThat(e.description()).startsWith("INVALID_VALUE");
    }
  }

  @Property
  void whatIsWrittenInBracketsIsReadBack(@ForAll("filters") Filter filter) {
    Filter read = FilterParser.parse(text(filter), FIELDS::containsKey);
    assertThat(read).isEqualTo(filter);
    assertThat(read.matches(FIELDS::get)).isEqualTo(filter.matches(FIELDS::get));
  }

  @Provide
  Arbitrary<Filter> filters() {
    return nested(4);
  }

  private static Arbitrary<Filter> nested(int depth) {
    Arbitrary<Filter.Operand> operands =
        Arbitraries.oneOf(
            Arbitraries.of(FIELDS.keySet()).map(Filter.FieldName::new),
            Arbitraries.strings().excludeChars('"').ofMaxLength(5).map(Filter.Literal::new));
    Arbitrary<Filter> leaves =
        Arbitraries.oneOf(
            Arbitraries.of(true, false).map(Filter.Constant::new),
            operands.tuple2().map(t -> new Filter.Equal(t.get1(), t.get2())));
    if (depth == 0) {
      return leaves;
    }
    Arbitrary<Filter> inner = nested(depth - 1);
    return Arbitraries.oneOf(
        leaves,
        inner.map(Filter.Not::new),
        inner.tuple2().map(t -> new Filter.And(t.get1(), t.get2())),
        inner.tuple2().map(t -> new Filter.Or(t.get1(), t.get2())));
  }

  private static String text(Filter filter) {
    return switch (filter) {
      case Filter.Constant(boolean value) -> Boolean.toString(value);
      case Filter.Equal(var left, var right) -> text(left) + " = " + text(right);
      case Filter.Not(var negated) -> "not (" + text(negated) + ")";
      case Filter.And(var left, var right) -> "(" + text(left) + ") and (" + text(right) + ")";
      case Filter.Or(var left, var right) -> "(" + text(left) + ") or (" + text(right) + ")";
    };
  }

  private static String text(Filter.Operand operand) {
    return switch (operand) {
      case Filter.Literal(String value) -> '"' + value + '"';
      case Filter.FieldName(String name) -> "field \"" + name + '"';
    };
  }
}

package io.keelson.control.accessor;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import java.util.function.Predicate;

/**
 * Reads filters: {@code field "name__label" = "x" and not field "is_a_template" = "true"}.
 *
 * <p>{@code and} and {@code or} bind alike, to the left; {@code not} takes the one condition that
 * follows it. Text stands in double quotes and holds none itself.
 */
final class FilterParser {
  /** Brackets and nots inside one another, and operators in a row. */
  private static final int DEEPEST = 200;

  private static final int LONGEST_CHAIN = 1_000;

  private final String expression;
  private final Predicate<String> isField;
  private int at;
  private int depth;

  private FilterParser(String expression, Predicate<String> isField) {
    this.expression = expression;
    this.isField = isField;
  }

  /**
   * @param isField whether the class has a field of the name
   * @throws ApiError INVALID_VALUE with the expression and the reason
   */
  static Filter parse(String expression, Predicate<String> isField) {
    FilterParser parser = new FilterParser(expression, isField);
    Filter filter = parser.chain();
    parser.skipBlanks();
    if (parser.at < expression.length()) {
      throw parser.wrong("more follows at position " + parser.at);
    }
    return filter;
  }

  private Filter chain() {
    Filter left = condition();
    for (int links = 0; ; links++) {
      if (links > LONGEST_CHAIN) {
        throw wrong("too long");
      }
      if (word("and")) {
        left = new Filter.And(left, condition());
      } else if (word("or")) {
        left = new Filter.Or(left, condition());
      } else {
        return left;
      }
    }
  }

  private Filter condition() {
    if (++depth > DEEPEST) {
      throw wrong("too deep");
    }
    try {
      if (word("not")) {
        return new Filter.Not(condition());
      }
      if (word("true")) {
        return new Filter.Constant(true);
      }
      if (word("false")) {
        return new Filter.Constant(false);
      }
      if (sign('(')) {
        Filter inner = chain();
        require(')');
        return inner;
      }
      Filter.Operand left = operand();
      require('=');
      return new Filter.Equal(left, operand());
    } finally {
      depth--;
    }
  }

  private Filter.Operand operand() {
    if (!word("field")) {
      return new Filter.Literal(quoted());
    }
    String name = quoted();
    if (!isField.test(name)) {
      throw wrong("no such field: " + name);
    }
    return new Filter.FieldName(name);
  }

  private String quoted() {
    require('"');
    int end = expression.indexOf('"', at);
    if (end < 0) {
      throw wrong("a quote is not closed");
    }
    String text = expression.substring(at, end);
    at = end + 1;
    return text;
  }

  private boolean word(String word) {
    skipBlanks();
    int end = at + word.length();
    boolean found =
        expression.startsWith(word, at)
            && (end == expression.length() || !Character.isLetterOrDigit(expression.charAt(end)));
    if (found) {
      at = end;
    }
    return found;
  }

  private boolean sign(char sign) {
    skipBlanks();
    boolean found = at < expression.length() && expression.charAt(at) == sign;
    if (found) {
      at++;
    }
    return found;
  }

  private void require(char sign) {
    if (!sign(sign)) {
      throw wrong("expected %s at position %d".formatted(sign, at));
    }
  }

  private void skipBlanks() {
    while (at < expression.length() && " \t\n\r".indexOf(expression.charAt(at)) >= 0) {
      at++;
    }
  }

  private ApiError wrong(String reason) {
    return ApiErrors.invalidValue(expression, reason);
  }
}

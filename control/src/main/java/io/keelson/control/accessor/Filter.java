package io.keelson.control.accessor;

import java.util.function.UnaryOperator;

/** A condition on an object's fields, as get_all_records_where takes it. */
sealed interface Filter {

  /**
   * @param fields the text of a field by its name
   */
  boolean matches(UnaryOperator<String> fields);

  /** Always so, or never. */
  record Constant(boolean value) implements Filter {
    @Override
    public boolean matches(UnaryOperator<String> fields) {
      return value;
    }
  }

  /** That two texts are equal. */
  record Equal(Operand left, Operand right) implements Filter {
    @Override
    public boolean matches(UnaryOperator<String> fields) {
      return left.text(fields).equals(right.text(fields));
    }
  }

  /** That a condition does not hold. */
  record Not(Filter negated) implements Filter {
    @Override
    public boolean matches(UnaryOperator<String> fields) {
      return !negated.matches(fields);
    }
  }

  /** That both hold. */
  record And(Filter left, Filter right) implements Filter {
    @Override
    public boolean matches(UnaryOperator<String> fields) {
      return left.matches(fields) && right.matches(fields);
    }
  }

  /** That one of them holds. */
  record Or(Filter left, Filter right) implements Filter {
    @Override
    public boolean matches(UnaryOperator<String> fields) {
      return left.matches(fields) || right.matches(fields);
    }
  }

  /** A side of a comparison. */
  sealed interface Operand {
    String text(UnaryOperator<String> fields);
  }

  /** A text in quotes. */
  record Literal(String value) implements Operand {
    @Override
    public String text(UnaryOperator<String> fields) {
      return value;
    }
  }

  /** A field of the object. */
  record FieldName(String name) implements Operand {
    @Override
    public String text(UnaryOperator<String> fields) {
      return fields.apply(name);
    }
  }
}

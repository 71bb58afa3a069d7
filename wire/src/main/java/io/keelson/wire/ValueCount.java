package io.keelson.wire;

/** Counts the values of one request against its limits. */
final class ValueCount {
  private final WireLimits limits;
  private int values;

  ValueCount(WireLimits limits) {
    this.limits = limits;
  }

  /** One more value. */
  void add(int depth) {
    if (depth > limits.depth()) {
      throw new WireException(WireException.Kind.LIMIT, "values are nested too deeply");
    }
    if (++values > limits.values()) {
      throw new WireException(WireException.Kind.LIMIT, "too many values");
    }
  }

  /** A text grows to this length. */
  void text(int length) {
    if (length > limits.textLength()) {
      throw new WireException(WireException.Kind.LIMIT, "a text is too long");
    }
  }
}

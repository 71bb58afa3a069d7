package io.keelson.control.alert.alarm;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** How the values of several data sources become one. */
enum Consolidation {
  AVERAGE,
  SUM,
  MAX,
  MIN;

  /** The one of that name in XML; empty when there is none. */
  static Optional<Consolidation> of(String name) {
    for (Consolidation each : values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** The value; empty for no values. */
  OptionalDouble apply(double[] values) {
    DoubleStream all = DoubleStream.of(values);
    return switch (this) {
      case AVERAGE -> all.average();
      case SUM -> values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(all.sum());
      case MAX -> all.max();
      case MIN -> all.min();
    };
  }
}

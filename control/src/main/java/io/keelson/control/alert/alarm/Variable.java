package io.keelson.control.alert.alarm;

import io.keelson.control.metrics.rrd.Reading;
import java.time.Duration;
import java.util.Collection;
import java.util.OptionalDouble;

/**
 * A limit for something that is measured.
 *
 * @param name of the variable
 * @param level that is the limit
 * @param high whether values above it are bad, and not those below
 * @param period for how long values have to be bad
 * @param quiet for how long nothing more is said after an alarm
 * @param priority of the alert
 * @param means how one value is made of those of the sources
 * @param sources what is measured
 * @param whole what the value is a part of; empty when it stands for itself
 * @param xml the variable as it was set
 */
record Variable(
    String name,
    double level,
    boolean high,
    Duration period,
    Duration quiet,
    long priority,
    Consolidation means,
    SourceNames sources,
    String whole,
    String xml) {

  /** Its value now; empty when nothing is known. */
  OptionalDouble value(Collection<Reading> readings) {
    double[] parts =
        readings.stream()
            .filter(r -> !Double.isNaN(r.value()) && sources.has(r.source().name()))
            .mapToDouble(Reading::value)
            .toArray();
    OptionalDouble value = means.apply(parts);
    if (value.isEmpty() || whole.isEmpty()) {
      return value;
    }
    return readings.stream()
        .filter(r -> r.source().name().equals(whole) && r.value() > 0)
        .mapToDouble(r -> value.getAsDouble() / r.value())
        .findFirst();
  }

  boolean isBad(double value) {
    return high ? value > level : value < level;
  }

  /** The text of an alert. */
  String body(double value) {
    return "value: %f\nconfig:\n%s\n".formatted(value, xml);
  }
}

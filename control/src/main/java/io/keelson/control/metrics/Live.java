package io.keelson.control.metrics;

import io.keelson.control.metrics.rrd.Reading;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured last of an object.
 *
 * @param nanos when, by the system's steady clock
 * @param readings by name
 */
record Live(long nanos, Map<String, Reading> readings) {
  private static final double TOLERANCE = 1.1;
  private static final Live NONE = new Live(0, Map.of());

  /** What is measured now; counters become rates by what they were before. */
  static Live of(Optional<Live> earlier, List<Measurement> measured, long nanos) {
    Live before = earlier.orElse(NONE);
    double seconds = (nanos - before.nanos) / 1e9;
    Map<String, Reading> readings = new LinkedHashMap<>();
    for (Measurement each : measured) {
      String name = each.source().name();
      double value =
          switch (each.source().kind()) {
            case GAUGE -> each.raw();
            case DERIVE ->
                Optional.ofNullable(before.readings.get(name))
                    .map(past -> rate(past.raw(), each.raw(), seconds, each.source().max()))
                    .orElse(Double.NaN);
          };
      readings.put(name, new Reading(each.source(), each.raw(), value));
    }
    return new Live(nanos, readings);
  }

  /**
   * A counter that fell was started anew. The kernel counts in ticks, so that a processor that is
   * busy all the time may seem to be so for a little more.
   */
  private static double rate(double past, double now, double seconds, double max) {
    if (seconds <= 0 || now < past) {
      return Double.NaN;
    }
    double rate = (now - past) / seconds;
    return rate <= max * TOLERANCE ? Math.min(rate, max) : rate;
  }

  Collection<Reading> all() {
    return readings.values();
  }

  Optional<Reading> find(String name) {
    return Optional.ofNullable(readings.get(name));
  }

  /** The value now; 0 while it is not known. */
  double value(String name) {
    return find(name).map(Reading::value).filter(v -> !Double.isNaN(v)).orElse(0.0);
  }
}

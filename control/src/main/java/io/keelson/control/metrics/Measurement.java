package io.keelson.control.metrics;

import io.keelson.control.metrics.rrd.DataSource;
import io.keelson.control.metrics.rrd.DataSource.Kind;

/**
 * What a driver said of a data source.
 *
 * @param raw the value, or where the counter stands
 */
record Measurement(DataSource source, double raw) {

  /** A value that is never negative. */
  static Measurement gauge(String name, String description, String units, double value) {
    return of(name, description, units, Kind.GAUGE, Double.POSITIVE_INFINITY, true, value);
  }

  /** {@link #gauge(String, String, String, double)} of a whole number. */
  static Measurement gauge(String name, String description, String units, long value) {
    return gauge(name, description, units, (double) value);
  }

  /** A value from 0 to 1. */
  static Measurement share(String name, String description, double value) {
    return of(name, description, "(fraction)", Kind.GAUGE, 1, true, value);
  }

  /** A counter, of which the rate is wanted. */
  static Measurement counter(String name, String description, String units, double count) {
    return of(name, description, units, Kind.DERIVE, Double.POSITIVE_INFINITY, true, count);
  }

  /** {@link #counter(String, String, String, double)} of a whole number. */
  static Measurement counter(String name, String description, String units, long count) {
    return counter(name, description, units, (double) count);
  }

  /** Not recorded unless somebody wants it. */
  Measurement onRequest() {
    DataSource s = source;
    return new Measurement(
        new DataSource(s.name(), s.description(), s.units(), s.kind(), s.min(), s.max(), false),
        raw);
  }

  /** Whose rate has a limit. */
  Measurement atMost(double max) {
    DataSource s = source;
    return new Measurement(
        new DataSource(s.name(), s.description(), s.units(), s.kind(), s.min(), max, s.standard()),
        raw);
  }

  private static Measurement of(
      String name,
      String description,
      String units,
      Kind kind,
      double max,
      boolean standard,
      double raw) {
    return new Measurement(new DataSource(name, description, units, kind, 0, max, standard), raw);
  }
}

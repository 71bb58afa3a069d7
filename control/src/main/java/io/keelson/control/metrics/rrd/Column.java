package io.keelson.control.metrics.rrd;

import java.util.List;

/** All that is recorded of one data source. */
final class Column {
  private DataSource source;
  private final List<Series> series;
  private double lastRaw;

  /** Of the step under way: value times seconds, and the seconds of which no value is known. */
  private double gathered;

  private double unknownSeconds;

  /** A source that is seen for the first time. */
  Column(DataSource source, List<Resolution> resolutions, double now) {
    this(source, resolutions.stream().map(r -> new Series(r, 0)).toList(), Double.NaN, 0, 0);
    restart(now);
  }

  /** Begins step and rows anew; nothing is known of what has passed of them. */
  void restart(double now) {
    long step = (long) Math.floor(now / Rrd.STEP_SECONDS);
    series.forEach(each -> each.restart((int) (step % each.resolution().steps())));
    gathered = 0;
    unknownSeconds = now - step * (double) Rrd.STEP_SECONDS;
  }

  Column(
      DataSource source,
      List<Series> series,
      double lastRaw,
      double gathered,
      double unknownSeconds) {
    this.source = source;
    this.series = List.copyOf(series);
    this.lastRaw = lastRaw;
    this.gathered = gathered;
    this.unknownSeconds = unknownSeconds;
  }

  DataSource source() {
    return source;
  }

  List<Series> series() {
    return series;
  }

  double lastRaw() {
    return lastRaw;
  }

  double gathered() {
    return gathered;
  }

  double unknownSeconds() {
    return unknownSeconds;
  }

  /** What was read last; its description may have changed with the program. */
  void read(Reading reading) {
    source = reading.source();
    lastRaw = reading.raw();
  }

  void readNothing() {
    lastRaw = Double.NaN;
  }

  /** A value that held for some time within the step under way. */
  void gather(double value, double seconds) {
    if (Double.isNaN(value)) {
      unknownSeconds += seconds;
    } else {
      gathered += value * seconds;
    }
  }

  /** Ends the step under way. A step counts when more than half of it is known. */
  void endStep() {
    double known = Rrd.STEP_SECONDS - unknownSeconds;
    add(unknownSeconds > Rrd.STEP_SECONDS / 2.0 ? Double.NaN : gathered / known, 1);
    gathered = 0;
    unknownSeconds = 0;
  }

  /** The same value in each of some whole steps. */
  void add(double value, long steps) {
    series.forEach(each -> each.add(value, steps));
  }

  boolean knowsNothing() {
    return series.stream().allMatch(each -> each.known() == 0 && each.rows().knowsNothing());
  }
}

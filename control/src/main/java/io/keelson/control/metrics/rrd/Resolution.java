package io.keelson.control.metrics.rrd;

import java.util.List;
import java.util.stream.Stream;

/**
 * One of the archives of an object: rows of one width.
 *
 * @param consolidation of the values within a row's time
 * @param steps of {@link Rrd#STEP_SECONDS} that a row spans
 * @param rows that are kept
 * @param unknownShare of a row's time for which the value may be missing before the row has none
 */
public record Resolution(Consolidation consolidation, int steps, int rows, double unknownShare) {
  /**
   * Averages: ten minutes by 5 s, two hours by the minute, a week by the hour, a year by the day.
   */
  public static final List<Resolution> AVERAGES =
      List.of(
          new Resolution(Consolidation.AVERAGE, 1, 120, 0.5),
          new Resolution(Consolidation.AVERAGE, 12, 120, 0.5),
          new Resolution(Consolidation.AVERAGE, 720, 168, 0.5),
          new Resolution(Consolidation.AVERAGE, 17_280, 366, 0.5));

  /** With the least and the greatest of all but the finest rows. */
  public static final List<Resolution> WITH_EXTREMES =
      Stream.of(AVERAGES.stream(), extremes(Consolidation.MIN), extremes(Consolidation.MAX))
          .flatMap(s -> s)
          .toList();

  private static Stream<Resolution> extremes(Consolidation which) {
    return AVERAGES.stream().skip(1).map(r -> new Resolution(which, r.steps, r.rows, 1));
  }

  /** Seconds that a row spans. */
  public long rowSeconds() {
    return (long) steps * Rrd.STEP_SECONDS;
  }

  /** The end of the last whole row at a moment. */
  public long lastRow(double now) {
    return (long) Math.floor(now / rowSeconds()) * rowSeconds();
  }
}

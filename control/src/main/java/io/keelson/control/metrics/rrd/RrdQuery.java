package io.keelson.control.metrics.rrd;

import java.util.List;
import java.util.Optional;

/**
 * Which rows are wanted.
 *
 * @param start seconds since the epoch, before the first row; negative: so long before now
 * @param interval seconds that a row should at least span; 0 for the finest rows there are
 * @param consolidation of the rows; empty for every one there is
 */
public record RrdQuery(long start, long interval, Optional<Consolidation> consolidation) {

  /**
   * The resolution that answers best: the finest whose rows are wide enough and reach back to the
   * start, or else the coarsest. Empty when there is none with this consolidation.
   */
  public Optional<Resolution> choose(List<Resolution> resolutions, double now) {
    List<Resolution> possible = resolutions.stream().filter(this::consolidatesAs).toList();
    return possible.stream()
        .filter(r -> r.steps() >= interval / Rrd.STEP_SECONDS)
        .filter(r -> r.lastRow(now) - r.rows() * r.rowSeconds() <= since(now))
        .findFirst()
        .or(() -> coarsest(possible));
  }

  private static Optional<Resolution> coarsest(List<Resolution> possible) {
    Optional<Resolution> found = Optional.empty();
    for (Resolution each : possible) {
      if (found.filter(f -> f.steps() >= each.steps()).isEmpty()) {
        found = Optional.of(each);
      }
    }
    return found;
  }

  boolean consolidatesAs(Resolution resolution) {
    return consolidation.isEmpty() || consolidation.get() == resolution.consolidation();
  }

  /** The end of the first row that is given, if the resolution reaches back to it. */
  long firstRow(Resolution resolution, double now) {
    long width = resolution.rowSeconds();
    long oldest = resolution.lastRow(now) - (resolution.rows() - 1) * width;
    return Math.max(oldest, Math.floorDiv(since(now), width) * width + width);
  }

  private long since(double now) {
    return start < 0 ? (long) Math.max(0, now + start) : start;
  }
}

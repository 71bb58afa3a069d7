package io.keelson.control.metrics.rrd;

/** One data source's values at one resolution: whole rows, and the row that is being made. */
final class Series {
  private final Resolution resolution;
  private final Ring rows;

  /** Of the values of the row being made: their sum, or the least or greatest of them. */
  private double gathered;

  private int known;
  private int unknown;

  /**
   * @param passed steps of the row being made that went by before the source was there
   */
  Series(Resolution resolution, int passed) {
    this(resolution, new Ring(resolution.rows()), 0, 0, passed);
  }

  Series(Resolution resolution, Ring rows, double gathered, int known, int unknown) {
    this.resolution = resolution;
    this.rows = rows;
    this.gathered = gathered;
    this.known = known;
    this.unknown = unknown;
  }

  Resolution resolution() {
    return resolution;
  }

  Ring rows() {
    return rows;
  }

  double gathered() {
    return gathered;
  }

  int known() {
    return known;
  }

  int unknown() {
    return unknown;
  }

  /** Begins a row anew, some steps into it. */
  void restart(int passed) {
    gathered = 0;
    known = 0;
    unknown = passed;
  }

  /** The same value in each of some steps that follow one another. */
  void add(double value, long steps) {
    long left = steps;
    while (left > 0) {
      int whole = resolution.steps();
      if (known + unknown == 0 && left / whole > resolution.rows() + 1L) {
        // All rows that would be pushed out at once are alike, and need not be made.
        left -= (left / whole - resolution.rows()) * whole;
      }
      int taken = (int) Math.min(left, whole - known - unknown);
      gather(value, taken);
      left -= taken;
      if (known + unknown == whole) {
        rows.add(row());
        gathered = 0;
        known = 0;
        unknown = 0;
      }
    }
  }

  private void gather(double value, int steps) {
    if (Double.isNaN(value)) {
      unknown += steps;
      return;
    }
    boolean first = known == 0;
    gathered =
        switch (resolution.consolidation()) {
          case AVERAGE -> gathered + value * steps;
          case MIN -> first ? value : Math.min(gathered, value);
          case MAX -> first ? value : Math.max(gathered, value);
        };
    known += steps;
  }

  private double row() {
    boolean enough = known > 0 && unknown <= resolution.unknownShare() * resolution.steps();
    if (!enough) {
      return Double.NaN;
    }
    return resolution.consolidation() == Consolidation.AVERAGE ? gathered / known : gathered;
  }
}

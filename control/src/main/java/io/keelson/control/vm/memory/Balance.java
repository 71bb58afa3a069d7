package io.keelson.control.vm.memory;

import java.util.List;

/**
 * How the VMs of a host share its memory: each gets its minimum, and of what is left the same
 * fraction of its range as all others.
 */
final class Balance {
  /** Balloons move in whole pages; a whole MiB spares guests changes that nobody would notice. */
  private static final long STEP = MemoryCost.MIB;

  private Balance() {}

  /**
   * What one VM can be given.
   *
   * @param min bytes it keeps in any case
   * @param max bytes it has no use for more of, at least {@code min}
   */
  record Range(long min, long max) {
    Range {
      if (min < 0 || max < min) {
        throw new IllegalArgumentException("a range of memory from " + min + " to " + max);
      }
    }

    /** Memory that does not move. */
    static Range fixed(long bytes) {
      return new Range(bytes, bytes);
    }
  }

  /**
   * What each gets, in their order. When even the minimums do not fit, each gets that.
   *
   * @param memory bytes that they share
   */
  static List<Long> of(long memory, List<Range> ranges) {
    long least = ranges.stream().mapToLong(Range::min).sum();
    long most = ranges.stream().mapToLong(Range::max).sum();
    if (memory >= most) {
      return ranges.stream().map(Range::max).toList();
    }
    double fraction = memory <= least ? 0 : (double) (memory - least) / (most - least);
    return ranges.stream().map(range -> share(range, fraction)).toList();
  }

  /** Rounded down, so that the sum of all is never more than there is. */
  private static long share(Range range, double fraction) {
    long above = (long) (fraction * (range.max() - range.min())) / STEP * STEP;
    return Math.min(range.max(), range.min() + above);
  }
}

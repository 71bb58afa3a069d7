package io.keelson.host;

import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How a machine's processors share those of its host.
 *
 * @param processors of the host that it may use, by number; empty for all
 * @param weight its share when the host is busy, beside {@link #USUAL_WEIGHT} of others
 * @param capPercent of one processor of the host that it gets at most; 0 for no limit
 */
public record Scheduling(SortedSet<Integer> processors, int weight, int capPercent) {
  public static final int USUAL_WEIGHT = 256;
  public static final Scheduling USUAL = new Scheduling(new TreeSet<>(), USUAL_WEIGHT, 0);

  public Scheduling {
    processors = new TreeSet<>(processors);
  }

  @Override
  public SortedSet<Integer> processors() {
    return new TreeSet<>(processors);
  }
}

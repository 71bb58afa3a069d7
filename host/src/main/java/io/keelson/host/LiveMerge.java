package io.keelson.host;

/** Has a running domain merge two images that it has open: {@link Compute#mergeDisk}. */
@FunctionalInterface
public interface LiveMerge {
  void run(
      DiskSource upper, DiskSource lower, String lowerName, Handover handover, Progress progress);
}

package io.keelson.control.metrics;

/** Values as fields show them: what changes less than they tell troubles no watcher. */
final class Rounded {
  private static final double BYTES_PER_KIB = 1024;

  private Rounded() {}

  /** To two places. */
  static double of(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /** Bytes a second as KiB a second, to one place. */
  static double kibs(double bytesPerSecond) {
    return Math.round(bytesPerSecond / BYTES_PER_KIB * 10) / 10.0;
  }
}

package io.keelson.control.metrics.rrd;

import java.util.Arrays;

/** The newest values of a row of values; takes no more space than there are values. */
final class Ring {
  private static final int FIRST_ROOM = 4;

  private final int most;
  private double[] values;
  private int next;
  private int size;

  Ring(int most) {
    this.most = most;
    this.values = new double[Math.min(FIRST_ROOM, most)];
  }

  void add(double value) {
    if (size == values.length && size < most) {
      // Never wrapped before it has grown to its full size, so the order is that of the array.
      values = Arrays.copyOf(values, Math.min(most, 2 * values.length));
      next = size;
    }
    values[next] = value;
    next = (next + 1) % values.length;
    size = Math.min(size + 1, values.length);
  }

  int size() {
    return size;
  }

  /**
   * @param age 0 for the newest value
   * @return NaN for what is not kept
   */
  double get(long age) {
    if (age < 0 || age >= size) {
      return Double.NaN;
    }
    return values[Math.floorMod(next - 1 - (int) age, values.length)];
  }

  boolean knowsNothing() {
    for (int age = 0; age < size; age++) {
      if (!Double.isNaN(get(age))) {
        return false;
      }
    }
    return true;
  }
}

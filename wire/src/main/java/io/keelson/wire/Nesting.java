package io.keelson.wire;

import java.util.Arrays;

/** For each structure or sequence that is open, whether something is in it already. */
final class Nesting {
  private boolean[] started = new boolean[8];
  private int depth;

  void enter() {
    if (depth == started.length) {
      started = Arrays.copyOf(started, depth * 2);
    }
    started[depth++] = false;
  }

  /** Whether something is in the innermost one; from now on there is. */
  boolean another() {
    boolean before = started[depth - 1];
    started[depth - 1] = true;
    return before;
  }

  /** Closes the innermost one, and says whether something is in it. */
  boolean leave() {
    return started[--depth];
  }

  boolean isOutermost() {
    return depth == 0;
  }
}

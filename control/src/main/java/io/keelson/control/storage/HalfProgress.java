package io.keelson.control.storage;

import io.keelson.host.Progress;

/**
 * One half of work that goes through a disk twice.
 *
 * @param second whether it is the second half
 */
record HalfProgress(Progress whole, boolean second) implements Progress {
  @Override
  public void report(double fraction) {
    whole.report((second ? 1 + fraction : fraction) / 2);
  }

  @Override
  public boolean cancelled() {
    return whole.cancelled();
  }
}

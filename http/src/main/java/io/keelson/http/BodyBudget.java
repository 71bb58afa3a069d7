package io.keelson.http;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory the bodies of all calls in progress may take together. */
final class BodyBudget {
  private final AtomicLong left;

  BodyBudget(long bytes) {
    left = new AtomicLong(bytes);
  }

  /** Takes so many bytes; false, and nothing taken, when there are not so many left. */
  boolean take(long bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }
}

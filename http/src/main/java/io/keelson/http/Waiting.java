package io.keelson.http;

import org.jspecify.annotations.Nullable;

/** Lets a thread that only waits be woken when nobody wants its answer any more. */
final class Waiting {
  private @Nullable Thread thread;
  private boolean abandoned;

  /** The current thread goes to wait; false when nobody wants the answer already. */
  synchronized boolean begin() {
    if (abandoned) {
      return false;
    }
    thread = Thread.currentThread();
    return true;
  }

  /** The current thread waits no longer, and is not interrupted from now on. */
  synchronized void end() {
    thread = null;
    Thread.interrupted();
  }

  /** Nobody wants the answer; says whether a thread was waiting. */
  synchronized boolean abandon() {
    abandoned = true;
    if (thread == null) {
      return false;
    }
    thread.interrupt();
    return true;
  }

  synchronized boolean isAbandoned() {
    return abandoned;
  }
}

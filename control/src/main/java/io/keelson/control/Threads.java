package io.keelson.control;

import java.time.Duration;

/** The end of threads that work in the background. */
public final class Threads {
  private Threads() {}

  /** Waits a moment for a thread that was told to end; not for one that never began. */
  public static void awaitEnd(Thread thread) {
    if (thread.getState() == Thread.State.NEW) {
      return;
    }
    try {
      boolean _ = thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.keelson.control.session;

import java.time.Duration;

/** How a caller is made to wait. */
@FunctionalInterface
public interface Pauses {
  /** Sleeps; an interrupt ends the sleep early and stays set. */
  Pauses REAL =
      duration -> {
        try {
          Thread.sleep(duration);
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
        }
      };

  void pause(Duration duration);
}

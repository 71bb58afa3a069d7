package io.keelson.conformance.cases;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Time in which something is asked again and again. */
final class Clock {
  private static final Duration PAUSE = Duration.ofMillis(15);

  private final long until;

  Clock(Duration time) {
    this.until = System.nanoTime() + time.toNanos();
  }

  /** Waits a little; false once the time is over. */
  boolean goesOn() {
    LockSupport.parkNanos(PAUSE.toNanos());
    return !isOver();
  }

  boolean isOver() {
    return System.nanoTime() >= until;
  }
}

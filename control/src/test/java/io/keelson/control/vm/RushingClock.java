package io.keelson.control.vm;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that is ten minutes further each time, so that nothing seems to happen in a hurry. */
final class RushingClock extends Clock {
  private final AtomicLong looks = new AtomicLong();

  @Override
  public Instant instant() {
    return Instant.EPOCH.plus(Duration.ofMinutes(10).multipliedBy(looks.incrementAndGet()));
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}

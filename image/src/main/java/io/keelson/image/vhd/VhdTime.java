package io.keelson.image.vhd;

import java.time.Instant;

/** Times are seconds since the start of 2000 in UTC, in 32 bits. */
final class VhdTime {
  private static final long EPOCH = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();

  private VhdTime() {}

  static int seconds(Instant time) {
    return (int) Math.clamp(time.getEpochSecond() - EPOCH, 0, 0xFFFFFFFFL);
  }

  static Instant of(int seconds) {
    return Instant.ofEpochSecond(EPOCH + Integer.toUnsignedLong(seconds));
  }
}

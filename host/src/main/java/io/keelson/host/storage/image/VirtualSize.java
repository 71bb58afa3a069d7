package io.keelson.host.storage.image;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;

/**
 * The sizes that volumes may have: whole MiB, so that every sector size and partition alignment
 * fits, up to 64 TiB.
 */
public final class VirtualSize {
  private static final long MIB = 1L << 20;
  public static final long MOST = 64L << 40;

  private VirtualSize() {}

  /** The size rounded up. Raises INVALID when no volume can have it. */
  public static long round(long bytes) {
    if (bytes <= 0 || bytes > MOST) {
      throw new DriverException(
          Reason.INVALID, "a volume has from 1 byte to 64 TiB, and not " + bytes + " bytes");
    }
    return (bytes + MIB - 1) / MIB * MIB;
  }
}

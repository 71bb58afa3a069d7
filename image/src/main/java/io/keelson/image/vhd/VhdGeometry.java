package io.keelson.image.vhd;

import java.nio.ByteBuffer;

/**
 * Cylinders, heads and sectors that a footer gives for old readers, as the format computes them.
 */
record VhdGeometry(int cylinders, int heads, int sectors) {
  private static final long MOST = 65_535L * 16 * 255;

  static VhdGeometry of(long size) {
    long total = Math.min(size / VhdHeader.SECTOR, MOST);
    if (total >= 65_535L * 16 * 63) {
      return new VhdGeometry((int) (total / 255 / 16), 16, 255);
    }
    long perHead = total / 17;
    long heads = Math.max(4, (perHead + 1023) / 1024);
    if (perHead < heads * 1024 && heads <= 16) {
      return new VhdGeometry((int) (perHead / heads), (int) heads, 17);
    }
    perHead = total / 31;
    if (perHead < 16 * 1024) {
      return new VhdGeometry((int) (perHead / 16), 16, 31);
    }
    return new VhdGeometry((int) (total / 63 / 16), 16, 63);
  }

  void put(ByteBuffer out) {
    out.putShort((short) cylinders).put((byte) heads).put((byte) sectors);
  }
}

package io.keelson.image;

import java.util.Arrays;

/** Stretches that hold nothing. */
public final class Zeroes {
  private static final byte[] NONE = new byte[64 << 10];

  private Zeroes() {}

  /** Whether these bytes are all zero. */
  public static boolean are(byte[] bytes, int offset, int length) {
    for (int at = offset, end = offset + length; at < end; at += NONE.length) {
      int part = Math.min(NONE.length, end - at);
      if (!Arrays.equals(bytes, at, at + part, NONE, 0, part)) {
        return false;
      }
    }
    return true;
  }
}

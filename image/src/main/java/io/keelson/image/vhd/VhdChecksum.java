package io.keelson.image.vhd;

/** The checksum of footers and headers: the complement of the sum of all bytes but its own. */
final class VhdChecksum {
  private VhdChecksum() {}

  /**
   * @param at where the checksum's own four bytes are
   */
  static int of(byte[] bytes, int at) {
    int sum = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (i < at || i >= at + Integer.BYTES) {
        sum += Byte.toUnsignedInt(bytes[i]);
      }
    }
    return ~sum;
  }
}

package io.keelson.image;

/**
 * A stretch of a disk.
 *
 * @param offset of its first byte
 * @param length in bytes, more than none
 */
public record Extent(long offset, long length) {
  public Extent {
    if (offset < 0 || length <= 0 || offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("no stretch of a disk: " + offset + "+" + length);
    }
  }

  /** The offset behind its last byte. */
  public long end() {
    return offset + length;
  }
}

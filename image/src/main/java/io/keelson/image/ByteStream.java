package io.keelson.image;

import java.io.IOException;
import java.io.InputStream;

/** Bytes that come one after the other, and how many have come. */
public final class ByteStream {
  private final InputStream in;
  private final byte[] skipped = new byte[64 << 10];
  private long position;

  public ByteStream(InputStream in) {
    this.in = in;
  }

  /** How many bytes have been taken. */
  public long position() {
    return position;
  }

  /**
   * Takes bytes until the array is full.
   *
   * @throws ImageException when the stream ends before
   */
  public void read(byte[] into, int offset, int length) throws IOException {
    if (readSome(into, offset, length) < length) {
      throw ImageException.prematureEnd();
    }
  }

  /** Takes bytes until the array is full or the stream ends; says how many. */
  public int readSome(byte[] into, int offset, int length) throws IOException {
    int got = in.readNBytes(into, offset, length);
    position += got;
    return got;
  }

  /** {@link #read(byte[], int, int)} into a new array. */
  public byte[] read(int length) throws IOException {
    byte[] bytes = new byte[length];
    read(bytes, 0, length);
    return bytes;
  }

  /** Takes bytes and forgets them. */
  public void skip(long length) throws IOException {
    for (long left = length; left > 0; ) {
      int part = (int) Math.min(left, skipped.length);
      read(skipped, 0, part);
      left -= part;
    }
  }
}

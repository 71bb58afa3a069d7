package io.keelson.image.raw;

import io.keelson.image.Extent;
import io.keelson.image.SparseSource;
import io.keelson.image.SparseTarget;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** A disk as the stream of all its bytes, zeroes as well. */
public final class RawDisk {
  private static final int PART = 1 << 20;
  private static final int GRAIN = 64 << 10;
  private static final byte[] ZEROES = new byte[GRAIN];

  private RawDisk() {}

  /** Writes all of the disk; only what may hold something is read from it. */
  public static void write(SparseSource disk, OutputStream out) throws IOException {
    byte[] part = new byte[PART];
    long at = 0;
    Optional<Extent> next = disk.next(0);
    while (next.isPresent()) {
      Extent extent = next.get();
      zeroes(out, Math.max(0, extent.offset() - at));
      at = Math.max(at, extent.offset());
      while (at < extent.end()) {
        int size = (int) Math.min(PART, extent.end() - at);
        disk.read(at, ByteBuffer.wrap(part, 0, size));
        out.write(part, 0, size);
        at += size;
      }
      next = disk.next(at);
    }
    zeroes(out, disk.size() - at);
  }

  /**
   * Writes a stream onto the disk; zeroes take up no space.
   *
   * @param shorter whether the stream may end before the disk does, whose rest then is zeroes
   * @param empty whether the disk is known to hold zeroes
   */
  public static void read(InputStream in, SparseTarget disk, boolean shorter, boolean empty)
      throws IOException {
    byte[] part = new byte[PART];
    long at = 0;
    while (at < disk.size()) {
      int wanted = (int) Math.min(PART, disk.size() - at);
      int size = in.readNBytes(part, 0, wanted);
      put(disk, at, part, size, empty);
      at += size;
      if (size < wanted) {
        break;
      }
    }
    if (at < disk.size()) {
      if (!shorter) {
        throw new EOFException("the data ends after " + at + " of " + disk.size() + " bytes");
      }
      if (!empty) {
        disk.zero(at, disk.size() - at);
      }
    } else if (in.read() >= 0) {
      throw new IOException("there is more data than the disk has room for");
    }
  }

  private static void put(SparseTarget disk, long offset, byte[] bytes, int length, boolean empty)
      throws IOException {
    int at = 0;
    while (at < length) {
      boolean zero = isZero(bytes, at, length);
      int end = at;
      while (end < length && isZero(bytes, end, length) == zero) {
        end = Math.min(length, end + GRAIN);
      }
      if (!zero) {
        disk.write(offset + at, ByteBuffer.wrap(bytes, at, end - at));
      } else if (!empty) {
        disk.zero(offset + at, end - at);
      }
      at = end;
    }
  }

  private static boolean isZero(byte[] bytes, int offset, int length) {
    int end = Math.min(length, offset + GRAIN);
    return Arrays.equals(bytes, offset, end, ZEROES, 0, end - offset);
  }

  private static void zeroes(OutputStream out, long count) throws IOException {
    for (long left = count; left > 0; left -= GRAIN) {
      out.write(ZEROES, 0, (int) Math.min(GRAIN, left));
    }
  }
}

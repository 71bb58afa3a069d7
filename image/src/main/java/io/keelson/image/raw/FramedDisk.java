package io.keelson.image.raw;

import io.keelson.image.SparseTarget;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Parts of a disk in frames: offset (8 bytes) and length (4 bytes), little-endian, and so many
 * bytes. A frame of nothing at offset 0 is the last. What no frame holds is left as it is.
 */
public final class FramedDisk {
  private static final int HEAD = 12;
  private static final int PART = 1 << 20;

  private FramedDisk() {}

  /** Writes the frames onto the disk, and reads nothing behind the last. */
  public static void read(InputStream in, SparseTarget disk) throws IOException {
    byte[] part = new byte[PART];
    while (true) {
      byte[] bytes = in.readNBytes(HEAD);
      if (bytes.length < HEAD) {
        throw new EOFException("the frames end without a last one");
      }
      ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      long offset = head.getLong();
      long length = Integer.toUnsignedLong(head.getInt());
      if (offset == 0 && length == 0) {
        return;
      }
      if (offset < 0 || offset > disk.size() - length) {
        throw new IOException("a frame lies outside the disk");
      }
      frame(in, disk, offset, length, part);
    }
  }

  private static void frame(
      InputStream in, SparseTarget disk, long offset, long length, byte[] part) throws IOException {
    for (long done = 0; done < length; ) {
      int size = (int) Math.min(PART, length - done);
      if (in.readNBytes(part, 0, size) < size) {
        throw new EOFException("a frame ends too early");
      }
      disk.write(offset + done, ByteBuffer.wrap(part, 0, size));
      done += size;
    }
  }
}

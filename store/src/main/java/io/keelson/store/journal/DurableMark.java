package io.keelson.store.journal;

import io.keelson.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Number of the newest entry known durable, in eight bytes of a file: what tells an entry that was
 * acknowledged and then damaged from one that was never finished.
 *
 * <p>It is written after the entry is on disk, and not forced itself: an older number than the true
 * one is always safe. The number fills 48 bits and its checksum the other 16, so that one write
 * changes both at once and a flipped bit shows.
 */
final class DurableMark implements AutoCloseable {
  private static final long NONE = -1;
  private static final int SUM_BITS = 16;
  private static final long SUM = (1L << SUM_BITS) - 1;

  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(8);
  private volatile long newest = NONE;

  private DurableMark(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static DurableMark open(Path file) throws IOException {
    return new DurableMark(
        file,
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  /**
   * @return -1 when none was ever written
   * @throws StoreException when it is damaged
   */
  long read() throws IOException {
    long size = channel.size();
    if (size == 0) {
      return NONE;
    }
    ByteBuffer in = ByteBuffer.allocate(8);
    channel.read(in, 0);
    long value = in.getLong(0);
    long index = value >>> SUM_BITS;
    if (size != 8 || pack(index) != value) {
      throw new StoreException(file + " is damaged at offset 0: checksum mismatch");
    }
    newest = index;
    return index;
  }

  /** The number read or written last. */
  long newest() {
    return newest;
  }

  /** Notes an entry, unless it was noted before as those read back were. */
  void write(long index) throws IOException {
    if (index <= newest) {
      return;
    }
    newest = index;
    buffer.clear();
    buffer.putLong(0, pack(index));
    channel.write(buffer, 0);
  }

  static long pack(long index) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(8).putLong(0, index));
    long sum = crc.getValue();
    return index << SUM_BITS | ((sum ^ (sum >>> SUM_BITS)) & SUM);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

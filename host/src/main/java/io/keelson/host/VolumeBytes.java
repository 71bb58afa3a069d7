package io.keelson.host;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The contents of a volume, opened on its host, read and written anywhere. For one thread at a
 * time. Failures are {@link DriverException}s.
 */
public interface VolumeBytes extends AutoCloseable {
  /** Bytes of the whole volume. */
  long size();

  /**
   * A stretch of a volume.
   *
   * @param offset of its first byte
   * @param length in bytes, more than none
   */
  record Stretch(long offset, long length) {}

  /**
   * The next stretch that may hold something else than zeroes: it ends after {@code offset}, and
   * starts there or later; empty when only zeroes follow.
   */
  Optional<Stretch> next(long offset);

  /** Fills the buffer from {@code offset} on. */
  void read(long offset, ByteBuffer into);

  /** Writes all of the buffer from {@code offset} on. */
  void write(long offset, ByteBuffer from);

  /** Makes a stretch read as zeroes, without taking up space where that is possible. */
  void zero(long offset, long length);

  /** Returns when all that was written is on the medium. */
  void flush();

  /** Lets go; what was written and not flushed may be lost only if the host dies. */
  @Override
  void close();
}

package io.keelson.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The bytes of a disk, read anywhere, with its stretches that are known to hold nothing. */
public interface SparseSource extends Closeable {
  /** Bytes of the whole disk. */
  long size();

  /**
   * The next stretch that may hold something else than zeroes: it ends after {@code offset} and
   * starts at {@code offset} or later; empty when only zeroes follow. Where a disk is read for what
   * differs from another, stretches that do not differ are left out too, and those that became zero
   * are not.
   */
  Optional<Extent> next(long offset) throws IOException;

  /**
   * Fills the buffer from {@code offset} on; holes read as zeroes.
   *
   * @throws java.io.EOFException when the disk ends before
   */
  void read(long offset, ByteBuffer into) throws IOException;
}

package io.keelson.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A disk that is written anywhere. What nobody writes stays as it was: zeroes on a new disk. */
public interface SparseTarget extends Closeable {
  /** Bytes of the whole disk; nothing is written beyond. */
  long size();

  /** Writes all of the buffer from {@code offset} on. */
  void write(long offset, ByteBuffer from) throws IOException;

  /** Makes a stretch read as zeroes, without taking up space where that is possible. */
  void zero(long offset, long length) throws IOException;

  /** Returns when all that was written is on the medium. Closing alone promises nothing. */
  void flush() throws IOException;
}

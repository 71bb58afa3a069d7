package io.keelson.control.storage;

import io.keelson.host.VolumeBytes;
import io.keelson.image.Extent;
import io.keelson.image.SparseSource;
import io.keelson.image.SparseTarget;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A volume's bytes as those who read and write images know a disk. */
record VolumeData(VolumeBytes bytes) implements SparseSource, SparseTarget {
  @Override
  public long size() {
    return bytes.size();
  }

  @Override
  public Optional<Extent> next(long offset) {
    return bytes.next(offset).map(s -> new Extent(s.offset(), s.length()));
  }

  @Override
  public void read(long offset, ByteBuffer into) throws EOFException {
    if (offset > size() - into.remaining()) {
      throw new EOFException("the disk ends before");
    }
    bytes.read(offset, into);
  }

  @Override
  public void write(long offset, ByteBuffer from) {
    bytes.write(offset, from);
  }

  @Override
  public void zero(long offset, long length) {
    bytes.zero(offset, length);
  }

  @Override
  public void flush() {
    bytes.flush();
  }

  @Override
  public void close() {
    bytes.close();
  }
}

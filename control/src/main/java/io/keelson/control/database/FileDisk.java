package io.keelson.control.database;

import io.keelson.image.Extent;
import io.keelson.image.SparseSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A file that holds the bytes of a disk. */
record FileDisk(FileChannel file, long size) implements SparseSource {

  static FileDisk open(Path path) throws IOException {
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
    return new FileDisk(file, file.size());
  }

  @Override
  public Optional<Extent> next(long offset) {
    return offset < size ? Optional.of(new Extent(offset, size - offset)) : Optional.empty();
  }

  @Override
  public void read(long offset, ByteBuffer into) throws IOException {
    long at = offset;
    while (into.hasRemaining()) {
      int count = file.read(into, at);
      if (count < 0) {
        throw new EOFException("the file ends at " + at);
      }
      at += count;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

package io.keelson.image.raw;

import io.keelson.image.Extent;
import io.keelson.image.SparseSource;
import io.keelson.image.SparseTarget;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A file that holds the bytes of a disk. */
public record FileDisk(FileChannel file, long size) implements SparseSource, SparseTarget {

  /** A disk that is read, as large as the file is. */
  public static FileDisk open(Path path) throws IOException {
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
    return new FileDisk(file, file.size());
  }

  /**
   * A disk of so many bytes from the beginning of a file or device, which is made if need be. Where
   * nobody writes, a new file reads as zeroes and takes up no space.
   */
  public static FileDisk create(Path path, long size) throws IOException {
    FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    return new FileDisk(file, size);
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
  public void write(long offset, ByteBuffer from) throws IOException {
    long at = offset;
    while (from.hasRemaining()) {
      at += file.write(from, at);
    }
  }

  /** Writes zeroes, since a file cannot be told to forget. */
  @Override
  public void zero(long offset, long length) throws IOException {
    byte[] zeroes = new byte[(int) Math.min(length, 1 << 16)];
    for (long done = 0; done < length; done += zeroes.length) {
      write(
          offset + done, ByteBuffer.wrap(zeroes, 0, (int) Math.min(zeroes.length, length - done)));
    }
  }

  @Override
  public void flush() throws IOException {
    file.force(true);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

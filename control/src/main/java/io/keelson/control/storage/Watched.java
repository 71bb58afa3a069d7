package io.keelson.control.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.image.Extent;
import io.keelson.image.SparseSource;
import io.keelson.image.SparseTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Disks that tell how far the work with them is, and end it when it was cancelled. */
final class Watched {
  private Watched() {}

  static SparseSource source(SparseSource disk, Progress progress) {
    return new Source(disk, progress);
  }

  static SparseTarget target(SparseTarget disk, Progress progress) {
    return new Target(disk, progress);
  }

  private static void at(Progress progress, long offset, long size) {
    if (progress.cancelled()) {
      throw new DriverException(Reason.CANCELLED, "the transfer was cancelled");
    }
    if (size > 0) {
      progress.report((double) offset / size);
    }
  }

  private record Source(SparseSource disk, Progress progress) implements SparseSource {
    @Override
    public long size() {
      return disk.size();
    }

    @Override
    public Optional<Extent> next(long offset) throws IOException {
      return disk.next(offset);
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
      at(progress, offset, size());
      disk.read(offset, into);
    }

    @Override
    public void close() throws IOException {
      disk.close();
    }
  }

  private record Target(SparseTarget disk, Progress progress) implements SparseTarget {
    @Override
    public long size() {
      return disk.size();
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
      at(progress, offset, size());
      disk.write(offset, from);
    }

    @Override
    public void zero(long offset, long length) throws IOException {
      at(progress, offset, size());
      disk.zero(offset, length);
    }

    @Override
    public void flush() throws IOException {
      disk.flush();
    }

    @Override
    public void close() throws IOException {
      disk.close();
    }
  }
}

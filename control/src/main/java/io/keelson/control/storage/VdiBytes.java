package io.keelson.control.storage;

import io.keelson.host.VolumeBytes;
import io.keelson.image.Extent;
import io.keelson.image.SparseSource;
import io.keelson.image.SparseTarget;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The contents of a volume, as image formats read and write disks. */
public final class VdiBytes {
  private VdiBytes() {}

  /** To be read; closing closes the volume. */
  public static SparseSource source(VolumeBytes volume) {
    return new Source(volume);
  }

  /** To be written; closing closes the volume. */
  public static SparseTarget target(VolumeBytes volume) {
    return new Target(volume);
  }

  private record Source(VolumeBytes volume) implements SparseSource {
    @Override
    public long size() {
      return volume.size();
    }

    @Override
    public Optional<Extent> next(long offset) {
      return volume.next(offset).map(s -> new Extent(s.offset(), s.length()));
    }

    @Override
    public void read(long offset, ByteBuffer into) throws EOFException {
      if (offset > size() - into.remaining()) {
        throw new EOFException("the disk ends before");
      }
      volume.read(offset, into);
    }

    @Override
    public void close() {
      volume.close();
    }
  }

  private record Target(VolumeBytes volume) implements SparseTarget {
    @Override
    public long size() {
      return volume.size();
    }

    @Override
    public void write(long offset, ByteBuffer from) {
      volume.write(offset, from);
    }

    @Override
    public void zero(long offset, long length) {
      volume.zero(offset, length);
    }

    @Override
    public void flush() {
      volume.flush();
    }

    @Override
    public void close() {
      volume.close();
    }
  }
}

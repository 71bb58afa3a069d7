package io.keelson.image.tar;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/** An archive of files that are too big for memory, as a stream whose length is known before. */
public final class TarStream {

  /**
   * A file.
   *
   * @param content of at least that length; what is beyond is left out
   */
  public record Part(String name, long length, Supplier<InputStream> content) {}

  private final List<Part> parts;

  private TarStream(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  public static TarStream of(List<Part> parts) {
    return new TarStream(parts);
  }

  /** The archive's length in bytes. */
  public long length() {
    return parts.stream().mapToLong(p -> TarHeader.BYTES + p.length + padding(p)).sum()
        + 2L * TarHeader.BYTES;
  }

  /**
   * The archive from its start; each file is opened when its turn comes. Reading raises an
   * IOException for a file that has become shorter.
   */
  public InputStream open() {
    List<Supplier<InputStream>> streams = new ArrayList<>();
    for (Part part : parts) {
      byte[] header = TarHeader.bytes(new TarEntry(part.name, part.length));
      streams.add(() -> new ByteArrayInputStream(header));
      streams.add(() -> new Exactly(part.content.get(), part.length));
      streams.add(() -> new ByteArrayInputStream(new byte[padding(part)]));
    }
    streams.add(() -> new ByteArrayInputStream(new byte[2 * TarHeader.BYTES]));
    return new Joined(streams.stream().map(Supplier::get).iterator());
  }

  private static int padding(Part part) {
    return (int) (-part.length & (TarHeader.BYTES - 1));
  }

  /** One stream after another. */
  private static final class Joined extends InputStream {
    private final Iterator<InputStream> rest;
    private InputStream current = InputStream.nullInputStream();

    private Joined(Iterator<InputStream> rest) {
      this.rest = rest;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = current.read(target, offset, length);
      while (count < 0 && rest.hasNext()) {
        current.close();
        current = rest.next();
        count = current.read(target, offset, length);
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      current.close();
    }
  }

  /** So many bytes of a stream, no fewer. */
  private static final class Exactly extends InputStream {
    private final InputStream in;
    private long left;

    private Exactly(InputStream in, long length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        return length == 0 ? 0 : -1;
      }
      int count = in.read(target, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new IOException("a file of the archive has become shorter");
      }
      left -= count;
      return count;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}

package io.keelson.image.tar;

import io.keelson.image.ByteStream;
import io.keelson.image.Flaw;
import io.keelson.image.ImageException;
import io.keelson.image.Zeroes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads an archive file by file. The contents of each must be read before the next is asked for.
 */
public final class TarReader {
  /** Zeroes that may follow an archive's end: tar fills up to a block of its tape. */
  private static final int MOST_PADDING = 1 << 20;

  private final ByteStream in;
  private long left;
  private int padding;
  private boolean ended;

  public TarReader(InputStream in) {
    this.in = new ByteStream(in);
  }

  /** The next file; empty at the end of the archive. */
  public Optional<TarEntry> next() throws IOException {
    if (ended) {
      return Optional.empty();
    }
    if (left > 0) {
      throw new IllegalStateException("contents that nobody has read");
    }
    in.skip(padding);
    padding = 0;
    byte[] header = new byte[TarHeader.BYTES];
    int got = in.readSome(header, 0, header.length);
    if (got < header.length) {
      throw ImageException.prematureEnd();
    }
    if (TarHeader.isEnd(header)) {
      end();
      return Optional.empty();
    }
    TarEntry entry = TarHeader.read(header);
    left = entry.size();
    padding = (int) -left & (TarHeader.BYTES - 1);
    return Optional.of(entry);
  }

  /**
   * The contents of the file that {@link #next} named.
   *
   * @throws ImageException when there is more than {@code most}
   */
  public byte[] contents(int most) throws IOException {
    if (left > most) {
      throw new ImageException(new Flaw.TooLarge(left, most));
    }
    byte[] bytes = in.read((int) left);
    left = 0;
    return bytes;
  }

  /**
   * The contents of the file that {@link #next} named, which must fit into the array.
   *
   * @return how many bytes it has
   */
  public int contents(byte[] into) throws IOException {
    if (left > into.length) {
      throw new ImageException(new Flaw.TooLarge(left, into.length));
    }
    int length = (int) left;
    in.read(into, 0, length);
    left = 0;
    return length;
  }

  /**
   * The next part of the contents of the file that {@link #next} named, as much as fits.
   *
   * @return how many bytes; 0 when all have been read
   */
  public int part(byte[] into) throws IOException {
    int length = (int) Math.min(left, into.length);
    in.read(into, 0, length);
    left -= length;
    return length;
  }

  /** Nothing but zeroes may follow, and not without end. */
  private void end() throws IOException {
    ended = true;
    byte[] rest = new byte[TarHeader.BYTES];
    for (int read = 0; read <= MOST_PADDING; read += rest.length) {
      int got = in.readSome(rest, 0, rest.length);
      if (!Zeroes.are(rest, 0, got)) {
        throw ImageException.malformed("something follows the end of the archive");
      }
      if (got < rest.length) {
        return;
      }
    }
    throw ImageException.malformed("the end of the archive has no end");
  }
}

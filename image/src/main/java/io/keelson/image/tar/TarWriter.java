package io.keelson.image.tar;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Writes an archive file by file. */
public final class TarWriter {
  private static final int CHUNK = 1 << 16;

  private final OutputStream out;

  public TarWriter(OutputStream out) {
    this.out = out;
  }

  /** A file with these contents. */
  public void file(String name, byte[] contents, int offset, int length) throws IOException {
    out.write(TarHeader.bytes(new TarEntry(name, length)));
    out.write(contents, offset, length);
    out.write(new byte[-length & (TarHeader.BYTES - 1)]);
  }

  /** {@link #file(String, byte[], int, int)} of a whole array. */
  public void file(String name, byte[] contents) throws IOException {
    file(name, contents, 0, contents.length);
  }

  /**
   * A file that is too big for memory; raises an IOException when there is less of it than said.
   *
   * @param contents what is beyond the length is left out
   */
  public void file(String name, long length, InputStream contents) throws IOException {
    out.write(TarHeader.bytes(new TarEntry(name, length)));
    byte[] chunk = new byte[CHUNK];
    for (long left = length; left > 0; ) {
      int count = contents.read(chunk, 0, (int) Math.min(left, chunk.length));
      if (count < 0) {
        throw new IOException(name + " has become shorter");
      }
      out.write(chunk, 0, count);
      left -= count;
    }
    out.write(new byte[(int) -length & (TarHeader.BYTES - 1)]);
  }

  /** Ends the archive; the stream stays open. */
  public void end() throws IOException {
    out.write(new byte[2 * TarHeader.BYTES]);
    out.flush();
  }
}

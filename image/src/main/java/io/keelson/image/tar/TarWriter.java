package io.keelson.image.tar;

import java.io.IOException;
import java.io.OutputStream;

/** Writes an archive file by file. */
public final class TarWriter {
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

  /** Ends the archive; the stream stays open. */
  public void end() throws IOException {
    out.write(new byte[2 * TarHeader.BYTES]);
    out.flush();
  }
}

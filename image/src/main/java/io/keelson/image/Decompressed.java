package io.keelson.image;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Tells damaged compressed data as a flaw of the image. */
final class Decompressed extends FilterInputStream {
  Decompressed(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    try {
      return super.read(into, offset, length);
    } catch (EOFException _) {
      throw ImageException.prematureEnd();
    } catch (IOException e) {
      throw ImageException.malformed("the compressed data is damaged: " + e.getMessage());
    }
  }
}

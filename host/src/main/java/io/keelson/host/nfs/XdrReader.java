package io.keelson.host.nfs;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads values in XDR from what a server sent, which may be anything. */
final class XdrReader {
  private final ByteBuffer bytes;

  XdrReader(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  int number() throws IOException {
    try {
      return bytes.getInt();
    } catch (BufferUnderflowException e) {
      throw cut(e);
    }
  }

  long longNumber() throws IOException {
    try {
      return bytes.getLong();
    } catch (BufferUnderflowException e) {
      throw cut(e);
    }
  }

  boolean flag() throws IOException {
    return number() != 0;
  }

  byte[] opaque(int most) throws IOException {
    int length = number();
    if (length < 0 || length > most) {
      throw new IOException("the server sends " + length + " bytes where at most " + most + " go");
    }
    byte[] value = fixed(length);
    fixed(-length & 3);
    return value;
  }

  byte[] fixed(int length) throws IOException {
    byte[] value = new byte[length];
    try {
      bytes.get(value);
      return value;
    } catch (BufferUnderflowException e) {
      throw cut(e);
    }
  }

  String text(int most) throws IOException {
    return new String(opaque(most), StandardCharsets.UTF_8);
  }

  private static IOException cut(BufferUnderflowException cause) {
    return new IOException("the server's answer is cut off", cause);
  }
}

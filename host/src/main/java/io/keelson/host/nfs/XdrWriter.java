package io.keelson.host.nfs;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes values in XDR (RFC 4506). */
final class XdrWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  XdrWriter number(int value) {
    bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    return this;
  }

  XdrWriter number(long value) {
    bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    return this;
  }

  /** Bytes of any number, with their number before them. */
  XdrWriter opaque(byte[] value) {
    number(value.length);
    return fixed(value).fixed(new byte[-value.length & 3]);
  }

  /** Bytes as they are. */
  XdrWriter fixed(byte[] value) {
    bytes.writeBytes(value);
    return this;
  }

  XdrWriter text(String value) {
    return opaque(value.getBytes(StandardCharsets.UTF_8));
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }
}

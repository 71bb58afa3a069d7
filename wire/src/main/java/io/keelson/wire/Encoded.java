package io.keelson.wire;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A reply in bytes, ready for a socket.
 *
 * @param chunks in order; large ones are shared with other replies and are never written to
 * @param length of all chunks together, in bytes
 */
public record Encoded(List<ByteBuffer> chunks, long length) {

  /** Bytes that are all there; the array is taken over. */
  public static Encoded of(byte[] bytes) {
    return new Encoded(List.of(ByteBuffer.wrap(bytes)), bytes.length);
  }

  /** All bytes in one new array. */
  public byte[] toByteArray() {
    byte[] all = new byte[Math.toIntExact(length)];
    int at = 0;
    for (ByteBuffer chunk : chunks) {
      int size = chunk.remaining();
      chunk.get(chunk.position(), all, at, size);
      at += size;
    }
    return all;
  }
}

package io.keelson.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** Collects a body; memory is taken as bytes arrive, not as a client promises them. */
final class BodyBuffer {
  private static final int FIRST = 8 << 10;

  private final int limit;
  private byte[] bytes;
  private int size;

  /**
   * @param expected bytes, or -1 when not known
   */
  BodyBuffer(long expected, int limit) {
    this.limit = limit;
    this.bytes = new byte[(int) Math.min(expected < 0 ? FIRST : expected, FIRST)];
  }

  /** Adds what has arrived; false when that is more than the limit. */
  boolean add(ByteBuf part) {
    int more = part.readableBytes();
    if (more > limit - size) {
      return false;
    }
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, Math.min(limit, bytes.length * 2)));
    }
    part.readBytes(bytes, size, more);
    size += more;
    return true;
  }

  byte[] bytes() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }
}

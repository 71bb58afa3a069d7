package io.keelson.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** Collects a body; memory is taken as bytes arrive, not as a client promises them. */
final class BodyBuffer {
  private static final int FIRST = 8 << 10;

  private final BodyBudget budget;
  private final int limit;
  private byte[] bytes;
  private int size;
  private int taken;

  /**
   * @param expected bytes, or -1 when not known
   */
  BodyBuffer(BodyBudget budget, long expected, int limit) {
    this.budget = budget;
    this.limit = limit;
    this.bytes = new byte[(int) Math.min(expected < 0 ? FIRST : expected, FIRST)];
  }

  /**
   * Adds what has arrived.
   *
   * @throws BadRequest when it is too much for one call, or all calls together have too much
   */
  void add(ByteBuf part) throws BadRequest {
    int more = part.readableBytes();
    if (more > limit - size) {
      throw new BadRequest(413, "The body is too large.");
    }
    if (bytes.length - size < more) {
      int room = Math.max(size + more, Math.min(limit, bytes.length * 2));
      if (!budget.take(room - taken)) {
        throw new BadRequest(503, "Too many large calls are in progress.");
      }
      taken = room;
      bytes = Arrays.copyOf(bytes, room);
    }
    part.readBytes(bytes, size, more);
    size += more;
  }

  byte[] bytes() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  /** The call is over: its memory is free for others. */
  void release() {
    budget.giveBack(taken);
    taken = 0;
    bytes = new byte[0];
    size = 0;
  }
}

package io.keelson.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Writes replies to one connection, no faster than the client reads: of a large reply only a window
 * is ever on its way to the socket. Used on the connection's event loop alone.
 */
final class ReplyWriter {
  /** Bytes handed to the socket in one piece. */
  static final int SLICE = 256 << 10;

  private static final int ONE_PIECE = 32 << 10;

  private final Channel channel;
  private final Deque<ByteBuffer> rest = new ArrayDeque<>();
  private ChannelFutureListener whenDone = done -> {};

  ReplyWriter(Channel channel) {
    this.channel = channel;
  }

  /**
   * Writes a head and a body.
   *
   * @param head taken over
   * @param done told once all is written, or has failed
   */
  void start(ByteBuf head, List<ByteBuffer> body, long length, ChannelFutureListener done) {
    whenDone = done;
    if (length <= ONE_PIECE) {
      body.forEach(chunk -> head.writeBytes(chunk.duplicate()));
      finish(channel.writeAndFlush(head));
      return;
    }
    channel.write(head, channel.voidPromise());
    body.forEach(chunk -> rest.add(chunk.duplicate()));
    proceed();
  }

  /** Whether a reply is being written that the client has not taken all of. */
  boolean isBusy() {
    return !rest.isEmpty();
  }

  /** Writes on while the connection can take more. */
  void proceed() {
    while (!rest.isEmpty()) {
      if (!channel.isWritable()) {
        // When that makes the connection writable, this very method is called from within.
        channel.flush();
        if (!channel.isWritable() || rest.isEmpty()) {
          return;
        }
      }
      ByteBuffer chunk = rest.getFirst();
      int size = Math.min(chunk.remaining(), SLICE);
      ByteBuffer slice = chunk.slice(chunk.position(), size);
      chunk.position(chunk.position() + size);
      if (!chunk.hasRemaining()) {
        rest.removeFirst();
      }
      if (rest.isEmpty()) {
        finish(channel.writeAndFlush(Unpooled.wrappedBuffer(slice)));
        return;
      }
      channel.write(Unpooled.wrappedBuffer(slice), channel.voidPromise());
    }
  }

  private void finish(ChannelFuture written) {
    ChannelFutureListener done = whenDone;
    whenDone = ignored -> {};
    written.addListener(done);
  }
}

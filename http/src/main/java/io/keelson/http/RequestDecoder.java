package io.keelson.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;

/**
 * Reads requests one at a time: after each it stops until the reply is out, so that what follows is
 * either the next request or belongs to whoever takes the connection over. Lines must end in CR LF,
 * and a request with both a length and a transfer encoding is refused, since two servers in a row
 * might disagree on where it ends.
 */
final class RequestDecoder extends HttpRequestDecoder {
  /** Bytes of later requests that may wait while one is answered. */
  private static final int AHEAD = 64 << 10;

  private boolean paused;
  private boolean started;
  private boolean decoding;

  RequestDecoder(HttpLimits limits) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.headBytes())
            .setMaxHeaderSize(limits.headBytes())
            .setStrictLineParsing(true)
            .setAllowDuplicateContentLengths(false));
  }

  void pause() {
    paused = true;
  }

  /** Goes on with what has arrived in the meantime. */
  void resume(ChannelHandlerContext self) throws Exception {
    paused = false;
    started = actualReadableBytes() > 0;
    if (!decoding && actualReadableBytes() > 0) {
      channelRead(self, Unpooled.EMPTY_BUFFER);
    }
  }

  /** Bytes that have arrived and are not decoded yet. */
  int waiting() {
    return actualReadableBytes();
  }

  /** Whether bytes have arrived since the last request was answered. */
  boolean hasStarted() {
    return started;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    boolean before = decoding;
    decoding = true;
    started = true;
    try {
      super.channelRead(ctx, message);
    } finally {
      decoding = before;
    }
    if (paused && actualReadableBytes() > AHEAD) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (!paused) {
      super.decode(ctx, in, out);
    }
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both a length and a transfer encoding");
  }
}

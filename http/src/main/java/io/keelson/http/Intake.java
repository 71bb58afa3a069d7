package io.keelson.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import org.jspecify.annotations.Nullable;

/**
 * What arrives on a connection, request by request: how far the present one has come, where the
 * body goes that a handler reads, and when the client sends no more. Used on the connection's event
 * loop alone.
 */
final class Intake {
  private final Channel channel;
  private final RequestDecoder decoder;
  private final Standing standing;
  private @Nullable BytePipe upload;
  private boolean whole;
  private boolean ended;

  /** Whether the body of the request goes on until the client sends no more. */
  private boolean endless;

  /** Whether bytes come without the decoder, as an endless body. */
  private boolean undecoded;

  Intake(Channel channel, RequestDecoder decoder, Standing standing) {
    this.channel = channel;
    this.decoder = decoder;
    this.standing = standing;
  }

  /** A request begins. */
  void begin() {
    whole = false;
    upload = null;
  }

  /**
   * Has the request's body go to a handler while it arrives.
   *
   * @param firstRead called from any thread when the handler begins to read
   */
  BytePipe open(RequestHead head, Runnable firstRead) {
    var pipe = new BytePipe(channel, firstRead);
    upload = pipe;
    endless =
        head.http10()
            && !head.framed()
            && (head.method().equals("PUT") || head.method().equals("POST"));
    if (endless) {
      decoder.pause();
      channel
          .eventLoop()
          .execute(() -> {
            undecoded = true;
            bypassDecoder();
          });
    }
    return pipe;
  }

  /** Whether the body of the request goes to a handler. */
  boolean isUpload() {
    return upload != null;
  }

  /** Takes bytes over that are a part of such a body. */
  void feed(ByteBuf bytes) {
    if (upload == null) {
      bytes.release();
    } else {
      upload.feed(bytes);
    }
  }

  /** Whether bytes that come without the decoder are a part of such a body. */
  boolean isUndecoded() {
    return undecoded && upload != null;
  }

  /** Whether the decoder has yet to say that the request is whole. */
  boolean isAwaited() {
    return !whole && !endless;
  }

  /** The request is whole; what follows waits until it is answered. */
  void complete() {
    decoder.pause();
    endBody();
  }

  private void endBody() {
    BytePipe into = upload;
    whole = true;
    if (into != null) {
      standing.allowAll();
      into.end();
    }
  }

  /** The request will never be whole. */
  void fail() {
    if (upload != null) {
      upload.fail();
    }
  }

  /** Whether all of the request is there. */
  boolean isWhole() {
    return whole;
  }

  /** Whether a handler waits for more of its request's body, and the client sends none. */
  boolean isStalled() {
    return upload != null && !whole && channel.config().isAutoRead();
  }

  /** Takes note that the client sends no more; false for events that tell of something else. */
  boolean tellsEnd(Object event) {
    // With TLS the end of what a client sends is told by TLS itself.
    boolean told =
        event instanceof ChannelInputShutdownEvent
            || (endless && event instanceof SslCloseCompletionEvent tls && tls.isSuccess());
    if (!told || ended) {
      return false;
    }
    ended = true;
    return true;
  }

  /** Whether the client sends no more. */
  boolean hasEnded() {
    return ended;
  }

  /** The client sends no more while its request is served. */
  void endRequest() {
    if (endless) {
      // After the decoder has given away what it holds.
      channel.eventLoop().execute(this::endBody);
    } else if (!whole) {
      fail();
    }
  }

  /**
   * The connection is closed.
   *
   * @param cut whether this end has closed it, or a failure: what has come may not be all
   */
  void close(boolean cut) {
    if (endless && !cut && !(channel instanceof SocketChannel)) {
      // On a unix socket a client's end is not told before both ends are closed.
      channel.eventLoop().execute(this::endBody);
    } else {
      fail();
    }
  }

  /** Whether something of the next request has arrived. */
  boolean hasBegun() {
    return decoder.hasStarted();
  }

  /** Whether something has arrived that is not decoded yet. */
  boolean hasMore() {
    return decoder.waiting() > 0;
  }

  /** Goes on with the next request, which may have arrived already. */
  void next() throws Exception {
    upload = null;
    channel.config().setAutoRead(true);
    decoder.resume(channel.pipeline().context(decoder));
  }

  /** From now on there are no requests, but bytes; what the decoder holds is passed on. */
  void bypassDecoder() {
    channel.config().setAutoRead(true);
    if (channel.pipeline().context(decoder) != null) {
      channel.pipeline().remove(decoder);
    }
  }
}

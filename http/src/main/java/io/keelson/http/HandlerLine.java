package io.keelson.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.SocketChannelConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection as a handler has it: it answers whole, sends its reply bit by bit, or takes the
 * connection over. The handler's thread waits where it must; what changes the connection is done on
 * the connection's event loop.
 */
final class HandlerLine {
  private static final Logger LOG = LoggerFactory.getLogger(HandlerLine.class);

  private final Connection connection;
  private final Channel channel;
  private final Standing standing;
  private final Intake intake;
  private final Duration stallTime;
  private final BytePipe input;
  private final RawOutput output;

  /**
   * @param stallTime how long a client may be slow to read a reply
   */
  HandlerLine(
      Connection connection,
      Channel channel,
      Standing standing,
      Intake intake,
      Duration stallTime) {
    this.connection = connection;
    this.channel = channel;
    this.standing = standing;
    this.intake = intake;
    this.stallTime = stallTime;
    this.input = new BytePipe(channel, () -> {});
    this.output = new RawOutput(channel);
  }

  // What a handler does.

  /** Sends a reply that is all there. */
  void respond(Response response) {
    connection.respondLater(response);
  }

  /**
   * Sends the head of a reply whose body comes bit by bit, and says where the body goes.
   *
   * @param length of the body, or -1 when the head does not say it
   */
  OutputStream begin(RequestHead request, int status, Map<String, String> headers, long length)
      throws IOException {
    var begun = new CompletableFuture<Boolean>();
    try {
      channel
          .eventLoop()
          .execute(() -> begun.complete(beginNow(request.http10(), status, headers, length)));
    } catch (RejectedExecutionException e) {
      throw new IOException("the server has stopped", e);
    }
    if (!begun.join()) {
      throw new IOException("the client went away");
    }
    return output;
  }

  private boolean beginNow(boolean http10, int status, Map<String, String> headers, long length) {
    if (!channel.isActive() || !standing.is(Standing.Phase.ANSWER)) {
      return false;
    }
    standing.turn(Standing.Phase.STREAMING); // the body of the request may go on to arrive
    output.limitWaits(stallTime);
    ByteBuf out = channel.alloc().buffer(512);
    ResponseHead.write(out, http10, status, false, headers, length);
    channel.writeAndFlush(out);
    return true;
  }

  /** The reply that was begun is out to its end. */
  void endBegun() {
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(written -> channel.eventLoop().execute(connection::finish));
  }

  /** Ends the connection. */
  void close() {
    connection.close();
  }

  /** Ends the connection in a way that the client cannot take for the end of a reply. */
  void reset() {
    if (channel.config() instanceof SocketChannelConfig socket) {
      try {
        socket.setSoLinger(0);
      } catch (ChannelException e) {
        LOG.debug("The client has closed the connection already", e);
      }
    }
    connection.close();
  }

  /**
   * Lets a handler have the connection; returns when the conversation is over.
   *
   * @param reply writes what the client reads first
   */
  void converse(Consumer<ByteBuf> reply, HttpAnswer.Conversation conversation) throws IOException {
    try (input) {
      var taken = new CompletableFuture<Void>();
      channel
          .eventLoop()
          .execute(() -> {
            takeOver(reply);
            taken.complete(null);
          });
      taken.join();
      conversation.run(input, output);
    } finally {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> channel.close());
    }
  }

  private void takeOver(Consumer<ByteBuf> reply) {
    if (!channel.isActive()) {
      return; // the conversation finds nobody there, and ends
    }
    standing.enter(Standing.Phase.TAKEN);
    ByteBuf out = channel.alloc().buffer(256);
    reply.accept(out);
    channel.writeAndFlush(out);
    // From here on the decoder passes on what it holds, so the head must be out before.
    intake.bypassDecoder();
    if (intake.hasEnded() || connection.isLeaving()) {
      input.end();
    }
  }

  // What the connection's event loop tells.

  /** Takes bytes over that have come since the handler took the connection over. */
  void feed(ByteBuf bytes) {
    input.feed(bytes);
  }

  /** A conversation has to find its own end: nothing more comes. */
  void endInput() {
    input.end();
  }

  /** The connection can take more, or no more for now. */
  void writabilityChanged() {
    output.changed();
  }

  /** The connection is closed. */
  void closed() {
    input.fail();
    output.changed();
  }
}

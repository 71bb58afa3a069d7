package io.keelson.http;

import io.keelson.api.Origin;
import io.keelson.http.RouteTable.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: takes in one request after the other and sends each reply before it looks at the
 * next. All state belongs to the connection's event loop, except what is marked volatile, which
 * others read.
 */
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final long NEVER = Long.MAX_VALUE;
  private static final Duration LINGER = Duration.ofSeconds(2);

  /** What is going on. */
  private enum Phase {
    /** Nothing, or the head of a request is arriving. */
    HEAD,
    /** The body of a request is arriving. */
    BODY,
    /** A call or handler is at work. */
    ANSWER,
    /** A reply is going out. */
    WRITING,
    /** The last reply is out; what still comes is thrown away. */
    CLOSING,
    /** A handler sends its reply bit by bit; the body of its request may still be arriving. */
    STREAMING,
    /** A handler has taken the connection over. */
    TAKEN
  }

  private final Edge edge;
  private final Channel channel;
  private final RequestDecoder decoder;
  private final boolean secure;
  private final Origin origin;
  private final ReplyWriter writer;
  private final RawOutput rawOutput;
  private final BytePipe rawInput;
  private final Waiting waiting = new Waiting();

  private volatile Phase phase = Phase.HEAD;
  private volatile boolean receiving = true;
  private volatile long deadline;
  private volatile boolean leaving;

  private @Nullable RequestHead head;
  private Target target = new Target.Nowhere();
  private BodyBuffer body;
  private @Nullable BytePipe pipe;
  private boolean complete;
  private boolean inputClosed;
  private boolean servedInBurst;

  /** Whether the body of the request goes on until the client sends no more. */
  private boolean endless;

  /** Whether bytes come without the decoder, as an endless body. */
  private boolean undecoded;

  /** Whether this end has closed it, or a failure: what has come may not be all. */
  private volatile boolean cut;

  Connection(Edge edge, Channel channel, RequestDecoder decoder, boolean secure, Origin origin) {
    this.edge = edge;
    this.channel = channel;
    this.decoder = decoder;
    this.secure = secure;
    this.origin = origin;
    this.writer = new ReplyWriter(channel);
    this.rawOutput = new RawOutput(channel);
    this.rawInput = new BytePipe(() -> {}, this::readOn);
    this.body = new BodyBuffer(edge.budget(), 0, 0);
    this.deadline = after(edge.limits().headTime());
  }

  // What others see and do.

  boolean isEvictable() {
    return phase == Phase.HEAD || phase == Phase.BODY || phase == Phase.CLOSING;
  }

  /** Whether a request, or the connection's first bytes, are being waited for to be whole. */
  boolean isReceiving() {
    return receiving;
  }

  /** When its patience ends; of idle connections the one idle longest has the earliest. */
  long deadline() {
    return deadline;
  }

  boolean isOverdue(long now) {
    long at = deadline;
    return at != NEVER && now - at >= 0;
  }

  void expire() {
    channel.eventLoop().execute(this::expireNow);
  }

  void close() {
    cut = true;
    channel.close();
  }

  /** Serves no other request; ends at once when it only waits. */
  void drain() {
    leaving = true;
    channel
        .eventLoop()
        .execute(() -> {
          if (phase == Phase.HEAD || (phase == Phase.ANSWER && waiting.abandon())) {
            channel.close();
          } else if (phase == Phase.TAKEN) {
            rawInput.end(); // the conversation has to find its own end
          }
        });
  }

  private boolean isLeaving() {
    return leaving || edge.connections().isDraining();
  }

  /** The address that the client has connected to. */
  Optional<InetSocketAddress> local() {
    return channel.localAddress() instanceof InetSocketAddress ip
        ? Optional.of(ip)
        : Optional.empty();
  }

  /** How it is encrypted, if it is. */
  Optional<SSLSession> encryption() {
    SslHandler handler = channel.pipeline().get(SslHandler.class);
    return handler == null ? Optional.empty() : Optional.of(handler.engine().getSession());
  }

  // Events of the channel.

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (edge.connections().isDraining() || !edge.connections().admit(this)) {
      channel.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    edge.connections().closed(this);
    waiting.abandon();
    body.release();
    if (endless && !cut && !(channel instanceof SocketChannel)) {
      // On a unix socket a client's end is not told before both ends are closed.
      channel.eventLoop().execute(this::endBody);
    } else if (pipe != null) {
      pipe.fail();
    }
    rawInput.fail();
    rawOutput.changed();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    BytePipe into = pipe;
    if (phase == Phase.TAKEN && message instanceof ByteBuf bytes) {
      feed(rawInput, bytes);
      return;
    }
    if (undecoded && into != null && message instanceof ByteBuf bytes) {
      feed(into, bytes);
      if (phase == Phase.ANSWER || phase == Phase.STREAMING) {
        deadline = after(edge.limits().stallTime());
      }
      return;
    }
    try {
      if (phase != Phase.CLOSING && message instanceof HttpRequest request) {
        begin(request);
      }
      if (message instanceof HttpContent content) {
        take(content);
      }
    } catch (BadRequest refused) {
      respond(refused.response());
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (phase == Phase.HEAD && !receiving && (!servedInBurst || decoder.waiting() > 0)) {
      receiving = true;
      deadline = after(edge.limits().headTime());
    }
    servedInBurst = false;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (writer.isBusy() && channel.isWritable()) {
      deadline = after(edge.limits().stallTime());
      writer.proceed();
    }
    rawOutput.changed();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    // With TLS the end of what a client sends is told by TLS itself.
    boolean ended =
        event instanceof ChannelInputShutdownEvent
            || (endless && event instanceof SslCloseCompletionEvent tls && tls.isSuccess());
    if (!ended || inputClosed) {
      return;
    }
    inputClosed = true;
    switch (phase) {
      case HEAD, BODY, CLOSING -> channel.close();
      case ANSWER, STREAMING -> {
        if (endless) {
          // After the decoder has given away what it holds.
          channel.eventLoop().execute(this::endBody);
        } else if (pipe != null && !complete) {
          pipe.fail();
        }
        if (waiting.abandon()) {
          channel.close();
        }
      }
      case TAKEN -> rawInput.end();
      case WRITING -> {}
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A broken connection or a failed handshake: the client's affair, and it can send many.
    LOG.debug("Connection closed", cause);
    close();
  }

  // Requests.

  private void begin(HttpRequest request) throws BadRequest {
    servedInBurst = true;
    complete = false;
    pipe = null;
    receiving = true;
    phase = Phase.BODY;
    deadline = after(edge.limits().bodyTime());
    head = null;
    RequestHead now = RequestHead.of(request);
    head = now;
    target = edge.routes().target(now.method(), now.rawPath());
    if (target instanceof Target.Handled(var route)) {
      handle(now, route);
      return;
    }
    int limit = target instanceof Target.Rpc ? edge.limits().rpcBytes() : 0;
    if (limit > 0 && !now.framed()) {
      throw new BadRequest(411, "Say how long the body is.");
    }
    if (now.length() > limit) {
      throw new BadRequest(413, "The body is too large.");
    }
    body = new BodyBuffer(edge.budget(), now.length(), limit);
    if (now.expectsContinue() && !now.http10() && now.framed()) {
      proceedWithBody();
    }
  }

  private void take(HttpContent content) throws BadRequest {
    RequestHead now = head;
    BytePipe into = pipe;
    boolean expected = phase == Phase.BODY || phase == Phase.ANSWER || phase == Phase.STREAMING;
    if (!expected || now == null || complete || endless) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      if (into != null) {
        into.fail();
        channel.close();
      }
      throw new BadRequest(400, "The body is not valid HTTP.");
    }
    boolean last = content instanceof LastHttpContent;
    if (into != null) {
      feed(into, content.content().retain());
      deadline = after(edge.limits().stallTime());
    } else {
      body.add(content.content());
    }
    if (last) {
      complete = true;
      receiving = false;
      decoder.pause();
      if (into != null) {
        deadline = NEVER;
        into.end();
      } else {
        answer(now);
      }
    }
  }

  private void answer(RequestHead now) {
    switch (target) {
      case Target.Rpc(boolean json) -> {
        at(Phase.ANSWER, NEVER);
        var work =
            new RpcWork(
                edge, json, body.bytes(), now.peer(origin, secure), now.compression(), waiting);
        Thread.ofVirtual().name("call").start(() -> answerWith(work));
      }
      case Target.Options() -> respond(Pages.options(now));
      case Target.Page() ->
          respond(edge.pages().page(now.rawPath()).orElseGet(() -> Pages.notFound(now.target())));
      case Target.Nowhere() ->
          respond(Pages.error(403, "Nothing here takes this method.").closing());
      case Target.UnknownMethod() ->
          respond(Pages.error(501, "No path here takes this method.").closing());
      case Target.Handled _ -> throw new IllegalStateException("handlers begin with the head");
    }
  }

  private void answerWith(RpcWork work) {
    Response response = Pages.error(500, "See the server's log.").closing();
    try {
      response = work.run();
    } catch (AbandonedException _) {
      // The connection is closed already.
    } catch (RuntimeException bug) {
      LOG.error("A reply could not be written", bug);
    } finally {
      respondLater(response);
    }
  }

  private void handle(RequestHead now, Route route) {
    boolean patient = now.expectsContinue() && !now.http10() && now.framed();
    var input = new BytePipe(patient ? this::askForBody : () -> {}, this::readOn);
    pipe = input;
    receiving = false;
    at(Phase.ANSWER, patient ? NEVER : after(edge.limits().stallTime()));
    endless =
        now.http10()
            && !now.framed()
            && (now.method().equals("PUT") || now.method().equals("POST"));
    if (endless) {
      decoder.pause();
      channel.eventLoop().execute(this::bypassDecoder);
    }
    var work = new HandlerWork(edge, this, route, now, now.peer(origin, secure), input);
    Thread.ofVirtual().name(route.action()).start(work);
  }

  /** The client waits to be told that its body is wanted. */
  private void askForBody() {
    channel
        .eventLoop()
        .execute(() -> {
          if (phase == Phase.ANSWER && !complete) {
            deadline = after(edge.limits().stallTime());
            proceedWithBody();
          }
        });
  }

  private void bypassDecoder() {
    undecoded = true;
    channel.config().setAutoRead(true);
    removeDecoder();
  }

  /** What the decoder holds is passed on. */
  private void removeDecoder() {
    if (channel.pipeline().context(decoder) != null) {
      channel.pipeline().remove(decoder);
    }
  }

  private void endBody() {
    complete = true;
    deadline = NEVER;
    if (pipe != null) {
      pipe.end();
    }
  }

  private void feed(BytePipe into, ByteBuf bytes) {
    if (!into.feed(bytes)) {
      channel.config().setAutoRead(false);
    }
  }

  /**
   * Sends the head of a reply whose body comes bit by bit, and says where the body goes.
   *
   * @param length of the body, or -1 when the head does not say it
   */
  OutputStream begin(int status, Map<String, String> headers, long length) throws IOException {
    var begun = new CompletableFuture<Boolean>();
    try {
      channel.eventLoop().execute(() -> begun.complete(beginNow(status, headers, length)));
    } catch (RejectedExecutionException e) {
      throw new IOException("the server has stopped", e);
    }
    if (!begun.join()) {
      throw new IOException("the client went away");
    }
    return rawOutput;
  }

  private boolean beginNow(int status, Map<String, String> headers, long length) {
    RequestHead now = head;
    if (!channel.isActive() || phase != Phase.ANSWER || now == null) {
      return false;
    }
    phase = Phase.STREAMING; // the body of the request may go on to arrive
    rawOutput.limitWaits(edge.limits().stallTime());
    ByteBuf out = channel.alloc().buffer(512);
    ResponseHead.write(out, now.http10(), status, false, headers, length);
    channel.writeAndFlush(out);
    return true;
  }

  /** The reply that was begun is out to its end. */
  void endBegun() {
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(written -> channel.eventLoop().execute(this::finish));
  }

  /** Ends the connection in a way that the client cannot take for the end of a reply. */
  void reset() {
    cut = true;
    if (channel.config() instanceof SocketChannelConfig socket) {
      try {
        socket.setSoLinger(0);
      } catch (ChannelException e) {
        LOG.debug("The client has closed the connection already", e);
      }
    }
    channel.close();
  }

  /**
   * Lets a handler have the connection; returns when the conversation is over.
   *
   * @param reply writes what the client reads first
   */
  void converse(Consumer<ByteBuf> reply, HttpAnswer.Conversation conversation) throws IOException {
    try (rawInput) {
      var taken = new CompletableFuture<Void>();
      channel
          .eventLoop()
          .execute(() -> {
            takeOver(reply);
            taken.complete(null);
          });
      taken.join();
      conversation.run(rawInput, rawOutput);
    } finally {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> channel.close());
    }
  }

  private void takeOver(Consumer<ByteBuf> reply) {
    if (!channel.isActive()) {
      return; // the conversation finds nobody there, and ends
    }
    at(Phase.TAKEN, NEVER);
    ByteBuf out = channel.alloc().buffer(256);
    reply.accept(out);
    channel.writeAndFlush(out);
    // From here on the decoder passes on what it holds, so the head must be out before.
    removeDecoder();
    channel.config().setAutoRead(true);
    if (inputClosed || isLeaving()) {
      rawInput.end();
    }
  }

  // Replies.

  /** Sends a reply, from whatever thread. */
  void respondLater(Response response) {
    try {
      channel.eventLoop().execute(() -> respond(response));
    } catch (RejectedExecutionException e) {
      LOG.debug("A reply came after the server had stopped", e);
    }
  }

  private void respond(Response response) {
    RequestHead now = head;
    if (!channel.isActive()
        || (phase != Phase.BODY && phase != Phase.ANSWER && phase != Phase.HEAD)) {
      return;
    }
    boolean keepAlive =
        now != null
            && now.keepAlive()
            && complete
            && !response.close()
            && !inputClosed
            && !isLeaving();
    body.release();
    at(Phase.WRITING, after(edge.limits().stallTime()));
    boolean bare = now != null && now.method().equals("HEAD");
    long length = response.body().length();
    ByteBuf out = channel.alloc().buffer((int) Math.min(512 + length, 40 << 10));
    ResponseHead.write(
        out, now != null && now.http10(), response.status(), keepAlive, response.headers(), length);
    edge.counters().replyBytes.add(bare ? 0 : length);
    writer.start(
        out,
        bare ? Response.EMPTY.chunks() : response.body().chunks(),
        bare ? 0 : length,
        written -> {
          if (!written.isSuccess()) {
            channel.close();
          } else if (keepAlive && !isLeaving() && !inputClosed) {
            next();
          } else {
            finish();
          }
        });
  }

  private void next() throws Exception {
    at(Phase.HEAD, after(edge.limits().idleTime()));
    head = null;
    receiving = false;
    pipe = null;
    channel.config().setAutoRead(true);
    decoder.resume(channel.pipeline().context(decoder));
    if (phase == Phase.HEAD && decoder.waiting() > 0) {
      receiving = true;
      deadline = after(edge.limits().headTime());
    }
  }

  /**
   * Ends the connection. When the client may still be sending, what it sends is read for a moment:
   * closing at once would make its system throw the reply away.
   */
  private void finish() {
    if (complete || inputClosed) {
      channel.close();
      return;
    }
    at(Phase.CLOSING, after(LINGER));
    channel.config().setAutoRead(true);
    removeDecoder();
    if (secure) {
      channel.close();
    } else if (channel instanceof DuplexChannel socket) {
      socket.shutdownOutput();
    }
  }

  private void expireNow() {
    if (!isOverdue(System.nanoTime())) {
      return;
    }
    edge.counters().timedOut.increment();
    switch (phase) {
      case HEAD -> {
        if (decoder.hasStarted()) {
          head = null;
          complete = false;
          respond(Pages.error(408, "The request took too long to arrive.").closing());
        } else {
          channel.close();
        }
      }
      case BODY -> respond(Pages.error(408, "The request took too long to arrive.").closing());
      case WRITING, CLOSING -> channel.close();
      case ANSWER, STREAMING -> uploadStalled();
      case TAKEN -> {}
    }
  }

  /** Nothing has come of a handler's body for long: the client's fault, unless nobody reads. */
  private void uploadStalled() {
    BytePipe into = pipe;
    if (into == null || complete || !channel.config().isAutoRead()) {
      deadline = after(edge.limits().stallTime());
      return;
    }
    into.fail();
    channel.close();
  }

  private void proceedWithBody() {
    channel.writeAndFlush(
        Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII));
  }

  private void readOn() {
    channel.eventLoop().execute(() -> channel.config().setAutoRead(true));
  }

  private void at(Phase next, long until) {
    deadline = until;
    phase = next;
  }

  private static long after(Duration time) {
    return System.nanoTime() + time.toNanos();
  }
}

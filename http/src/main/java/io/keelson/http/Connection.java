package io.keelson.http;

import io.keelson.api.Origin;
import io.keelson.http.RouteTable.Target;
import io.keelson.http.Standing.Phase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
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
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final Edge edge;
  private final HttpLimits limits;
  private final Channel channel;
  private final boolean secure;
  private final Origin origin;
  private final Standing standing;
  private final Intake intake;
  private final ReplyWriter writer;
  private final HandlerLine line;
  private final Waiting waiting = new Waiting();

  private volatile boolean leaving;

  private @Nullable RequestHead head;
  private Target target = new Target.Nowhere();
  private BodyBuffer body;
  private boolean servedInBurst;

  /** Whether this end has closed it, or a failure: what has come may not be all. */
  private volatile boolean cut;

  Connection(Edge edge, Channel channel, RequestDecoder decoder, boolean secure, Origin origin) {
    this.edge = edge;
    this.limits = edge.limits();
    this.channel = channel;
    this.secure = secure;
    this.origin = origin;
    this.standing = new Standing(limits.headTime());
    this.intake = new Intake(channel, decoder, standing);
    this.writer = new ReplyWriter(channel);
    this.line = new HandlerLine(this, channel, standing, intake, limits.stallTime());
    this.body = new BodyBuffer(edge.budget(), 0, 0);
  }

  // What others see and do.

  Standing standing() {
    return standing;
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
          Phase phase = standing.phase();
          if (phase == Phase.HEAD || (phase == Phase.ANSWER && waiting.abandon())) {
            channel.close();
          } else if (phase == Phase.TAKEN) {
            line.endInput();
          }
        });
  }

  boolean isLeaving() {
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
    intake.close(cut);
    line.closed();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    Phase phase = standing.phase();
    if (phase == Phase.TAKEN && message instanceof ByteBuf bytes) {
      line.feed(bytes);
      return;
    }
    if (intake.isUndecoded() && message instanceof ByteBuf bytes) {
      intake.feed(bytes);
      if (phase == Phase.ANSWER || phase == Phase.STREAMING) {
        standing.allow(limits.uploadTime());
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
    if (standing.is(Phase.HEAD)
        && !standing.isReceiving()
        && (!servedInBurst || intake.hasMore())) {
      standing.receive(Phase.HEAD, limits.headTime());
    }
    servedInBurst = false;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (writer.isBusy() && channel.isWritable()) {
      standing.allow(limits.stallTime());
      writer.proceed();
    }
    line.writabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (!intake.tellsEnd(event)) {
      return;
    }
    switch (standing.phase()) {
      case HEAD, BODY, CLOSING -> channel.close();
      case ANSWER, STREAMING -> {
        intake.endRequest();
        if (waiting.abandon()) {
          channel.close();
        }
      }
      case TAKEN -> line.endInput();
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
    intake.begin();
    standing.receive(Phase.BODY, limits.bodyTime());
    head = null;
    RequestHead now = RequestHead.of(request);
    head = now;
    target = edge.routes().target(now.method(), now.rawPath());
    if (target instanceof Target.Handled(var route)) {
      handle(now, route);
      return;
    }
    int limit = target instanceof Target.Rpc ? limits.rpcBytes() : 0;
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

  private void handle(RequestHead now, Route route) {
    boolean patient = now.expectsContinue() && !now.http10() && now.framed();
    BytePipe input = intake.open(now, patient ? this::askForBody : () -> {});
    standing.received();
    if (patient) {
      standing.enter(Phase.ANSWER);
    } else {
      standing.enter(Phase.ANSWER, limits.uploadTime());
    }
    var work = new HandlerWork(edge, line, route, now, now.peer(origin, secure), input);
    Thread.ofVirtual().name(route.action()).start(work);
  }

  /** The client waits to be told that its body is wanted. */
  private void askForBody() {
    channel
        .eventLoop()
        .execute(() -> {
          if (standing.is(Phase.ANSWER) && !intake.isWhole()) {
            standing.allow(limits.uploadTime());
            proceedWithBody();
          }
        });
  }

  private void proceedWithBody() {
    channel.writeAndFlush(
        Unpooled.copiedBuffer("HTTP/1.1 100 Continue\r\n\r\n", StandardCharsets.US_ASCII));
  }

  private void take(HttpContent content) throws BadRequest {
    RequestHead now = head;
    boolean expected =
        switch (standing.phase()) {
          case BODY, ANSWER, STREAMING -> true;
          case HEAD, WRITING, CLOSING, TAKEN -> false;
        };
    if (!expected || now == null || !intake.isAwaited()) {
      return;
    }
    if (content.decoderResult().isFailure()) {
      if (intake.isUpload()) {
        intake.fail();
        channel.close();
      }
      throw new BadRequest(400, "The body is not valid HTTP.");
    }
    if (intake.isUpload()) {
      intake.feed(content.content().retain());
      standing.allow(limits.uploadTime());
    } else {
      body.add(content.content());
    }
    if (content instanceof LastHttpContent) {
      standing.received();
      intake.complete();
      if (!intake.isUpload()) {
        answer(now);
      }
    }
  }

  private void answer(RequestHead now) {
    switch (target) {
      case Target.Rpc(boolean json) -> {
        standing.enter(Phase.ANSWER);
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
    Phase phase = standing.phase();
    if (!channel.isActive()
        || (phase != Phase.BODY && phase != Phase.ANSWER && phase != Phase.HEAD)) {
      return;
    }
    boolean keepAlive =
        now != null && now.keepAlive() && intake.isWhole() && !response.close() && mayGoOn();
    body.release();
    standing.enter(Phase.WRITING, limits.stallTime());
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
          } else if (keepAlive && mayGoOn()) {
            next();
          } else {
            finish();
          }
        });
  }

  /** Whether both ends would go on with another request. */
  private boolean mayGoOn() {
    return !intake.hasEnded() && !isLeaving();
  }

  private void next() throws Exception {
    standing.enter(Phase.HEAD, limits.idleTime());
    standing.received();
    head = null;
    intake.next();
    if (standing.is(Phase.HEAD) && intake.hasMore()) {
      standing.receive(Phase.HEAD, limits.headTime());
    }
  }

  /**
   * Ends the connection. When the client may still be sending, what it sends is read for a moment:
   * closing at once would make its system throw the reply away.
   */
  void finish() {
    if (intake.isWhole() || intake.hasEnded()) {
      channel.close();
      return;
    }
    standing.enter(Phase.CLOSING, LINGER);
    intake.bypassDecoder();
    if (secure) {
      channel.close();
    } else if (channel instanceof DuplexChannel socket) {
      socket.shutdownOutput();
    }
  }

  // Patience that has ended.

  private void expireNow() {
    if (!standing.isOverdue(System.nanoTime())) {
      return;
    }
    edge.counters().timedOut.increment();
    switch (standing.phase()) {
      case HEAD -> {
        if (intake.hasBegun()) {
          head = null;
          intake.begin();
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
    if (intake.isStalled()) {
      intake.fail();
      channel.close();
    } else {
      standing.allow(limits.uploadTime());
    }
  }
}

package io.keelson.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.keelson.api.AccessRole;
import io.keelson.http.tls.ServerCertificate;
import io.keelson.wire.JsonReader;
import io.keelson.wire.WireLimits;
import io.keelson.wire.XmlReader;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listening server. */
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  /** Connections that the system may hold while they wait to be accepted. */
  private static final int BACKLOG = 4_096;

  private final HttpLimits limits;
  private final EventLoops loops;
  private final Connections connections;
  private final List<Channel> listeners = new ArrayList<>();
  private Optional<InetSocketAddress> plain = Optional.empty();
  private Optional<InetSocketAddress> tls = Optional.empty();

  private HttpServer(HttpLimits limits, EventLoops loops, Connections connections) {
    this.limits = limits;
    this.loops = loops;
    this.connections = connections;
  }

  /**
   * Starts to listen; calls may come before this returns.
   *
   * @param routes handlers besides the server's own
   * @throws IOException when an address cannot be had, or the certificate not be read or made
   */
  public static HttpServer start(
      HttpConfig config, RpcEndpoint rpc, Authenticator authenticator, List<Route> routes)
      throws IOException {
    return start(config, rpc, authenticator, routes, () -> "");
  }

  /**
   * Starts to listen as above.
   *
   * @param measured what {@code /metrics} tells besides the edge's own, as Prometheus reads it
   */
  public static HttpServer start(
      HttpConfig config,
      RpcEndpoint rpc,
      Authenticator authenticator,
      List<Route> routes,
      Supplier<String> measured)
      throws IOException {
    HttpLimits limits = config.limits();
    Optional<SslContext> encryption = Optional.empty();
    if (config.tls().isPresent()) {
      HttpConfig.TlsListener listener = config.tls().get();
      encryption = Optional.of(ServerCertificate.context(listener.directory(), listener.names()));
    }
    var counters = new Counters();
    var connections = new Connections(withinDescriptors(limits.connections()), counters);
    List<Route> all = new ArrayList<>(routes);
    all.add(
        new Route(
            "GET",
            "/metrics",
            "get_metrics",
            AccessRole.READ_ONLY,
            new MetricsHandler(counters, connections::count, measured)));
    var edge =
        new Edge(
            limits,
            new BodyBudget(limits.rpcBytesInAll()),
            new RouteTable(all),
            new Pages(),
            rpc,
            authenticator,
            new XmlReader(WireLimits.DEFAULT),
            new JsonReader(WireLimits.DEFAULT),
            connections,
            counters);
    var server = new HttpServer(limits, EventLoops.start(), connections);
    try {
      if (config.plain().isPresent()) {
        server.plain = Optional.of(server.listen(config.plain().get(), edge, Optional.empty()));
      }
      if (config.tls().isPresent()) {
        server.tls = Optional.of(server.listen(config.tls().get().address(), edge, encryption));
      }
    } catch (IOException e) {
      server.close();
      throw e;
    }
    connections.watch(server.loops.serving(), limits.shortest());
    return server;
  }

  /** The address that is listened on without encryption. */
  public Optional<InetSocketAddress> plainAddress() {
    return plain;
  }

  /** The address that is listened on with encryption. */
  public Optional<InetSocketAddress> tlsAddress() {
    return tls;
  }

  /**
   * Stops to listen, ends what only waits, lets other calls finish within the drain time, and
   * closes every connection.
   */
  @Override
  public void close() {
    listeners.forEach(channel -> channel.close().awaitUninterruptibly());
    connections.drain();
    long end = System.nanoTime() + limits.drainTime().toNanos();
    while (connections.count() > 0 && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(5_000_000);
    }
    connections.closeAll();
    loops.stop(limits.drainTime());
  }

  private InetSocketAddress listen(
      InetSocketAddress address, Edge edge, Optional<SslContext> encryption) throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops.accepting(), loops.serving())
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(ReplyWriter.SLICE, 2 * ReplyWriter.SLICE))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connect(channel, edge, encryption);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot listen on " + address, bound.cause());
    }
    listeners.add(bound.channel());
    var local = (InetSocketAddress) bound.channel().localAddress();
    LOG.info("Listening on {}{}", local, encryption.isPresent() ? " with TLS" : "");
    return local;
  }

  private static void connect(Channel channel, Edge edge, Optional<SslContext> encryption) {
    encryption.ifPresent(context -> {
      SslHandler handler = context.newHandler(channel.alloc());
      handler.setHandshakeTimeoutMillis(edge.limits().headTime().toMillis());
      channel.pipeline().addLast(handler);
    });
    var decoder = new RequestDecoder(edge.limits());
    channel
        .pipeline()
        .addLast(decoder)
        .addLast(new Connection(edge, channel, decoder, encryption.isPresent()));
  }

  /** As many connections as asked for, but never so many that files cannot be opened any more. */
  private static int withinDescriptors(int wanted) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      long room = system.getMaxFileDescriptorCount() / 4 * 3;
      if (room < wanted) {
        LOG.warn("Only {} connections at once: the system allows no more descriptors", room);
        return (int) Math.max(1, room);
      }
    }
    return wanted;
  }
}

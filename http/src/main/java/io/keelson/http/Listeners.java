package io.keelson.http;

import io.keelson.api.Origin;
import io.keelson.http.HttpConfig.LocalListener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets on which connections are accepted. */
final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  /** Connections that the system may hold while they wait to be accepted. */
  private static final int BACKLOG = 4_096;

  private final EventLoops loops;
  private final Edge edge;
  private final Supplier<Optional<SslContext>> encryption;
  private final Map<InetSocketAddress, Channel> open = new ConcurrentHashMap<>();
  private final Map<Path, Channel> sockets = new ConcurrentHashMap<>();

  /**
   * @param encryption of new connections to encrypted listeners
   */
  Listeners(EventLoops loops, Edge edge, Supplier<Optional<SslContext>> encryption) {
    this.loops = loops;
    this.edge = edge;
    this.encryption = encryption;
  }

  /**
   * Accepts connections at an address.
   *
   * @return the address with its port
   * @throws IOException when it cannot be had
   */
  InetSocketAddress open(InetSocketAddress address, boolean secure) throws IOException {
    Channel bound =
        bind(
            address,
            bootstrap()
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true),
            channel -> connect(channel, secure, Listeners::origin));
    var local = (InetSocketAddress) bound.localAddress();
    open.put(local, bound);
    LOG.info("Listening on {}{}", local, secure ? " with TLS" : "");
    return local;
  }

  /**
   * Accepts connections to a unix socket.
   *
   * @throws IOException when it cannot be had
   */
  void open(LocalListener listener) throws IOException {
    SocketAddress address = LocalSocket.makeRoom(listener.path());
    var whose = new CompletableFuture<LocalSocket>();
    Channel bound =
        bind(
            address,
            bootstrap().channel(NioServerDomainSocketChannel.class),
            channel -> connect(channel, false, it -> whose.join().origin(it)));
    sockets.put(listener.path(), bound);
    try {
      whose.complete(LocalSocket.of(listener));
    } catch (IOException | RuntimeException e) {
      whose.completeExceptionally(e);
      throw e;
    }
    LOG.info("Listening on {}", listener.path());
  }

  private ServerBootstrap bootstrap() {
    return new ServerBootstrap()
        .group(loops.accepting(), loops.serving())
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .childOption(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(ReplyWriter.SLICE, 2 * ReplyWriter.SLICE));
  }

  private static Channel bind(
      SocketAddress address, ServerBootstrap bootstrap, Consumer<Channel> connect)
      throws IOException {
    ChannelFuture bound =
        bootstrap
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connect.accept(channel);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
    }
    return bound.channel();
  }

  /** Accepts connections there no longer; those that were accepted go on. */
  void close(InetSocketAddress local) {
    Channel channel = open.remove(local);
    if (channel != null) {
      channel.close().awaitUninterruptibly();
      LOG.info("Listening on {} no longer", local);
    }
  }

  void closeAll() {
    open.values().forEach(channel -> channel.close().awaitUninterruptibly());
    open.clear();
    sockets.forEach((path, channel) -> {
      channel.close().awaitUninterruptibly();
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        LOG.warn("cannot remove {}", path, e);
      }
    });
    sockets.clear();
  }

  private static Origin origin(Channel channel) {
    return Origin.of(
        channel.remoteAddress() instanceof InetSocketAddress ip
            ? ip.getAddress().getHostAddress()
            : "");
  }

  private void connect(Channel channel, boolean secure, Function<Channel, Origin> origin) {
    if (secure) {
      SslHandler handler = encryption.get().orElseThrow().newHandler(channel.alloc());
      handler.setHandshakeTimeoutMillis(edge.limits().headTime().toMillis());
      channel.pipeline().addLast(handler);
    }
    var decoder = new RequestDecoder(edge.limits());
    channel
        .pipeline()
        .addLast(decoder)
        .addLast(new Connection(edge, channel, decoder, secure, origin.apply(channel)));
  }
}

package io.keelson.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.keelson.api.AccessRole;
import io.keelson.http.HttpConfig.TlsListener;
import io.keelson.http.tls.ServerCertificate;
import io.keelson.http.tls.TlsPolicy;
import io.keelson.wire.JsonReader;
import io.keelson.wire.WireLimits;
import io.keelson.wire.XmlReader;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listening server. */
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  private final HttpLimits limits;
  private final EventLoops loops;
  private final Connections connections;
  private final Optional<TlsListener> secure;
  private final Listeners listeners;
  private final Set<InetSocketAddress> more = new HashSet<>();
  private volatile Optional<SslContext> encryption = Optional.empty();
  private volatile TlsPolicy policy;
  private Optional<InetSocketAddress> plain = Optional.empty();
  private Optional<InetSocketAddress> tls = Optional.empty();

  private HttpServer(HttpConfig config, Edge edge) {
    this.limits = config.limits();
    this.loops = EventLoops.start();
    this.connections = edge.connections();
    this.secure = config.tls();
    this.policy = config.tls().map(TlsListener::policy).orElse(TlsPolicy.MODERN);
    this.listeners = new Listeners(loops, edge, () -> encryption);
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
    var server = new HttpServer(config, edge);
    try {
      server.encryption = server.context();
      if (config.plain().isPresent()) {
        server.plain = Optional.of(server.listeners.open(config.plain().get(), false));
      }
      if (config.tls().isPresent()) {
        server.tls = Optional.of(server.listeners.open(config.tls().get().address(), true));
      }
      if (config.local().isPresent()) {
        server.listeners.open(config.local().get());
      }
    } catch (IOException e) {
      server.close();
      throw e;
    }
    connections.watch(server.loops.serving(), limits.shortest());
    return server;
  }

  private Optional<SslContext> context() throws IOException {
    if (secure.isEmpty()) {
      return Optional.empty();
    }
    TlsListener listener = secure.get();
    return Optional.of(ServerCertificate.context(listener.directory(), listener.names(), policy));
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
   * Listens at one more address, on the ports of the configured listeners, instead of the one named
   * before. Nothing is opened where a configured listener answers already. Who is connected through
   * the former address gets the replies to come, and is then let go.
   *
   * @throws IOException when the address cannot be had; all stays as it was
   */
  public synchronized void moveTo(Optional<InetAddress> address) throws IOException {
    Set<InetSocketAddress> opened = new HashSet<>();
    Set<InetSocketAddress> wanted = new HashSet<>();
    try {
      for (boolean encrypted : new boolean[] {false, true}) {
        Optional<InetSocketAddress> missing = address.flatMap(at -> missing(at, encrypted));
        if (missing.isPresent()) {
          wanted.add(missing.get());
          if (!more.contains(missing.get())) {
            opened.add(listeners.open(missing.get(), encrypted));
          }
        }
      }
    } catch (IOException e) {
      opened.forEach(listeners::close);
      throw e;
    }
    Set<InetSocketAddress> former = new HashSet<>(more);
    former.removeAll(wanted);
    former.forEach(listeners::close);
    connections.drain(c -> c.local().filter(former::contains).isPresent());
    more.clear();
    more.addAll(wanted);
  }

  /** What has to be listened on besides the configured listener of a kind, if there is one. */
  private Optional<InetSocketAddress> missing(InetAddress at, boolean encrypted) {
    return (encrypted ? tls : plain)
        .filter(own -> !own.getAddress().isAnyLocalAddress() && !own.getAddress().equals(at))
        .map(own -> new InetSocketAddress(at, own.getPort()));
  }

  /**
   * Changes what clients may encrypt with. Connections that were made otherwise get the replies to
   * come, and are then let go.
   *
   * @throws IOException when the certificate cannot be read any more; all stays as it was
   */
  public synchronized void secure(TlsPolicy next) throws IOException {
    TlsPolicy before = policy;
    policy = next;
    try {
      encryption = context();
    } catch (IOException e) {
      policy = before;
      throw e;
    }
    connections.drain(c -> c.encryption().filter(session -> !allowed(session)).isPresent());
  }

  /** One that has not agreed on anything yet is let go too: it would agree on what was before. */
  private boolean allowed(SSLSession session) {
    return policy.allows(session.getProtocol(), session.getCipherSuite());
  }

  /**
   * Takes a new certificate for these names, where the one it has signs itself.
   *
   * @return whether that was so
   * @throws IOException when it cannot be made; the old one goes on
   */
  public synchronized boolean rename(List<String> names) throws IOException {
    if (secure.isEmpty() || !ServerCertificate.renew(secure.get().directory(), names)) {
      return false;
    }
    encryption = context();
    return true;
  }

  /**
   * Stops to listen, ends what only waits, lets other calls finish within the drain time, and
   * closes every connection.
   */
  @Override
  public void close() {
    listeners.closeAll();
    connections.drain();
    long end = System.nanoTime() + limits.drainTime().toNanos();
    while (connections.count() > 0 && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(5_000_000);
    }
    connections.closeAll();
    loops.stop(limits.drainTime());
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

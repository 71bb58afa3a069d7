package io.keelson.server;

import io.keelson.http.HttpServer;
import io.keelson.http.tls.TlsPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where and how the server lets clients in, beyond what its configuration says. It may be told
 * before it listens.
 */
final class Doors {
  /** By which the machine is reached from itself. */
  static final String LOCAL = "localhost";

  private final List<InetSocketAddress> configured;
  private final boolean real;
  private Optional<HttpServer> http = Optional.empty();
  private TlsPolicy policy = TlsPolicy.MODERN;

  /**
   * @param real whether the addresses of hosts are those of this machine: simulated ones are
   *     nobody's
   */
  Doors(ServeOptions options, boolean real) {
    this.configured =
        Stream.concat(Stream.of(options.listen()), options.tlsListen().stream()).toList();
    this.real = real;
  }

  /** What clients may encrypt with. */
  synchronized TlsPolicy policy() {
    return policy;
  }

  /** The server listens now. An address that is not there yet is tried again later. */
  synchronized void open(HttpServer listening) {
    http = Optional.of(listening);
  }

  /** A configured address that others than the machine itself reach. */
  Optional<String> openAddress() {
    return configured.stream()
        .map(InetSocketAddress::getAddress)
        .filter(address -> !address.isLoopbackAddress())
        .map(InetAddress::getHostAddress)
        .findFirst();
  }

  synchronized void manageAt(Optional<InetAddress> address) throws IOException {
    if (real && http.isPresent()) {
      http.get().moveTo(address);
    }
  }

  synchronized void allow(TlsPolicy next) throws IOException {
    if (http.isPresent()) {
      http.get().secure(next);
    }
    policy = next;
  }

  synchronized void rename(String hostname) throws IOException {
    if (http.isPresent()) {
      http.get().rename(List.of(hostname, LOCAL));
    }
  }
}

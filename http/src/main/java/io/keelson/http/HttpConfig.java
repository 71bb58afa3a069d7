package io.keelson.http;

import io.keelson.http.tls.TlsPolicy;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the server listens. Port 0 means any free one.
 *
 * @param plain address without encryption
 * @param tls address with encryption
 * @param local the socket for programs of this machine
 */
public record HttpConfig(
    Optional<InetSocketAddress> plain,
    Optional<TlsListener> tls,
    Optional<LocalListener> local,
    HttpLimits limits) {

  /**
   * An encrypted listener.
   *
   * @param directory that holds server.pem and server.key, made at the first start
   * @param names of this host, for a certificate that is made
   * @param policy what clients may encrypt with at first
   */
  public record TlsListener(
      InetSocketAddress address, Path directory, List<String> names, TlsPolicy policy) {}

  /**
   * A unix socket.
   *
   * @param group whose members may connect, and log in; without one nobody may but the user who
   *     runs the server, and root
   */
  public record LocalListener(Path path, Optional<String> group) {
    /** How long a path the kernel takes, in bytes. */
    static final int LONGEST = 107;

    /** Whether a socket can be there. */
    public static boolean fits(Path path) {
      return path.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST;
    }
  }

  /** A listener without encryption alone, with the usual limits. */
  public static HttpConfig plain(InetSocketAddress address) {
    return new HttpConfig(
        Optional.of(address), Optional.empty(), Optional.empty(), HttpLimits.DEFAULT);
  }
}

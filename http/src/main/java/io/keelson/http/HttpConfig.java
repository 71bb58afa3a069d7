package io.keelson.http;

import io.keelson.http.tls.TlsPolicy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the server listens. Port 0 means any free one.
 *
 * @param plain address without encryption
 * @param tls address with encryption
 */
public record HttpConfig(
    Optional<InetSocketAddress> plain, Optional<TlsListener> tls, HttpLimits limits) {

  /**
   * An encrypted listener.
   *
   * @param directory that holds server.pem and server.key, made at the first start
   * @param names of this host, for a certificate that is made
   * @param policy what clients may encrypt with at first
   */
  public record TlsListener(
      InetSocketAddress address, Path directory, List<String> names, TlsPolicy policy) {}

  /** A listener without encryption alone, with the usual limits. */
  public static HttpConfig plain(InetSocketAddress address) {
    return new HttpConfig(Optional.of(address), Optional.empty(), HttpLimits.DEFAULT);
  }
}

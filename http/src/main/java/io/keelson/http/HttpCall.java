package io.keelson.http;

import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/**
 * A request to a handler, its caller admitted.
 *
 * @param path decoded, without the query
 * @param query parameters; of several of one name, the first
 * @param headers by name in lower case; of several of one name, the first
 * @param cookies by name
 * @param session of the caller, if it has one
 * @param body as it arrives; reading waits. What HTTP/1.0 uploads without a length goes on until
 *     the client sends no more. Empty for CONNECT, whose bytes come by taking over the connection
 * @param exchange by which a long reply is sent
 */
public record HttpCall(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    Map<String, String> cookies,
    Peer peer,
    Optional<String> session,
    InputStream body,
    Exchange exchange) {

  /** The same request from a caller with that session. */
  HttpCall of(Optional<String> caller) {
    return new HttpCall(method, path, query, headers, cookies, peer, caller, body, exchange);
  }

  /** A parameter from a cookie, or else from the query. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(cookies.get(name)).or(() -> Optional.ofNullable(query.get(name)));
  }
}

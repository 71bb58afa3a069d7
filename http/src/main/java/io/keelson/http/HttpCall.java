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
 * @param body as it arrives; reading waits. Empty for HTTP/1.0 without a length and for CONNECT,
 *     whose bytes come by taking over the connection
 */
public record HttpCall(
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    Map<String, String> cookies,
    Peer peer,
    Optional<String> session,
    InputStream body) {

  /** A parameter from a cookie, or else from the query. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(cookies.get(name)).or(() -> Optional.ofNullable(query.get(name)));
  }
}

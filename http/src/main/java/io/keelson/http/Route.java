package io.keelson.http;

import io.keelson.api.AccessRole;

/**
 * A path with its handler.
 *
 * @param method GET, PUT, POST or CONNECT; GET serves HEAD as well
 * @param prefix of the paths; of several that fit, the longest wins
 * @param action name of the permission, {@code http/} before it
 * @param least the least role that may
 * @param open whether a caller without valid credentials gets to the handler as well, without a
 *     session; the handler then has to decide
 */
public record Route(
    String method,
    String prefix,
    String action,
    AccessRole least,
    boolean open,
    HttpHandler handler) {
  public Route(String method, String prefix, String action, AccessRole least, HttpHandler handler) {
    this(method, prefix, action, least, false, handler);
  }

  public Route {
    if (!prefix.startsWith("/") || prefix.length() < 2) {
      throw new IllegalArgumentException("not a path of its own: " + prefix);
    }
  }
}

package io.keelson.http;

import io.keelson.api.Origin;
import java.util.Map;
import java.util.Optional;

/**
 * Who is at the other end of a connection, as far as the connection tells.
 *
 * @param origin IP address, without port; or the user at the other end of a unix socket
 * @param secure whether the connection is encrypted
 * @param userAgent what the client calls itself
 * @param subtaskOf reference of the task that the caller's call is a part of
 * @param otherConfig entries that the caller wants in its task's other_config
 */
public record Peer(
    Origin origin,
    boolean secure,
    Optional<String> userAgent,
    Optional<String> subtaskOf,
    Map<String, String> otherConfig) {
  public String address() {
    return origin.address();
  }
}

package io.keelson.api;

/**
 * Where a call comes from.
 *
 * @param address without anything that changes with each connection, for logs and limits
 * @param administrator whether the system itself vouches that root is at the other end, or the user
 *     who runs the server
 */
public record Origin(String address, boolean administrator) {
  /** Somewhere that nobody vouches for. */
  public static Origin of(String address) {
    return new Origin(address, false);
  }
}

package io.keelson.control.gate;

import io.keelson.api.Origin;

/**
 * Who is at the other end of a connection.
 *
 * @param origin by whose address failed log-ins are counted
 */
public record Caller(Origin origin) {
  /** One for whom nobody vouches. */
  public Caller(String address) {
    this(Origin.of(address));
  }
}

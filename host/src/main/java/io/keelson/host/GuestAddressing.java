package io.keelson.host;

import java.util.Optional;

/**
 * A change of the address of a guest's network card.
 *
 * @param mac which card: colon-separated, lower case
 * @param from what an earlier change set, to be taken back
 * @param to what the card has from now on; empty leaves it to the guest
 */
public record GuestAddressing(
    String mac, Family family, Optional<Address> from, Optional<Address> to) {

  /** Which kind of addresses. */
  public enum Family {
    IPV4,
    IPV6
  }

  /**
   * An address, and where packets go that it does not reach by itself.
   *
   * @param ip with the length of its prefix ({@code 192.0.2.7/24})
   * @param gateway an address, empty for none
   */
  public record Address(String ip, String gateway) {}
}

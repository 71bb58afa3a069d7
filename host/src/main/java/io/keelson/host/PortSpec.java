package io.keelson.host;

import java.util.List;

/**
 * How a machine's network card is joined to a network.
 *
 * @param bridge which must be there
 * @param mtu bytes
 * @param mac the card's address
 * @param uplink whether the network reaches beyond the host: what decides between user-mode
 *     networking and no carrier where there are no bridges
 */
public record PortSpec(String bridge, int mtu, String mac, boolean uplink, Guard guard) {

  /**
   * What the guest may send.
   *
   * @param kilobytesPerSecond the most that it may send; 0 for no limit
   */
  public record Guard(Filter filter, long kilobytesPerSecond) {
    public static final Guard NONE = new Guard(new Filter.Open(), 0);

    /** Whether anything is to be watched. */
    public boolean watches() {
      return !(filter instanceof Filter.Open) || kilobytesPerSecond > 0;
    }
  }

  /** Which frames are let through. */
  public sealed interface Filter {
    /** All. */
    record Open() implements Filter {}

    /** None, in either direction. */
    record Closed() implements Filter {}

    /** Those that come from the card's own MAC address and one of these IP addresses. */
    record Locked(List<String> ipv4, List<String> ipv6) implements Filter {
      public Locked {
        ipv4 = List.copyOf(ipv4);
        ipv6 = List.copyOf(ipv6);
      }
    }
  }
}

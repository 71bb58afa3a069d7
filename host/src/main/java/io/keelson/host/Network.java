package io.keelson.host;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The networks of hosts.
 *
 * <p>A privileged host joins cards to bridges; an ordinary user's falls back to user-mode
 * networking and says so in {@link #backend}. The machine's own interfaces are never touched: a
 * bridge made here has no uplink of its own.
 */
public interface Network {

  /** What connects guests here: "openvswitch", "bridge" or "user". */
  String backend(UUID host);

  /** The host's real interfaces. */
  List<Interface> interfaces(UUID host);

  /**
   * Makes sure the bridge exists on the host and is up; one that somebody else made is taken as it
   * is. Raises INVALID for a name that cannot be, ALREADY_EXISTS when another kind of interface has
   * it. Where there are no bridges ({@code user}) nothing is needed.
   */
  void ensureBridge(UUID host, String bridge, int mtu);

  /** Removes the bridge from the host if it is there and was made by {@link #ensureBridge}. */
  void removeBridge(UUID host, String bridge);

  /**
   * Connects a machine's network card to the bridge, which {@link #ensureBridge} made. Harmless
   * when it is connected already; connected to another bridge, it moves.
   *
   * @param uplink whether the network reaches beyond the host (has a PIF): what decides between
   *     user-mode networking and no carrier where there are no bridges
   */
  NicAttachment attach(UUID host, UUID vm, int device, String bridge, int mtu, boolean uplink);

  /** Undoes {@link #attach}; harmless when there is nothing to undo. */
  void detach(UUID host, UUID vm, int device);

  /** What an interface of the host has carried; empty when there is none, or none is counted. */
  Optional<Traffic> traffic(UUID host, String device);

  /**
   * What a machine's card has carried, as the machine sees it; empty when it is not attached, or
   * what connects it does not count.
   */
  Optional<Traffic> traffic(UUID host, UUID vm, int device);

  /**
   * Who made a card and what it is, as the PCI bus tells; all empty for what is not on it.
   *
   * @param vendorId "1af4"
   * @param vendorName empty when the machine has no list of names
   * @param deviceId "1000"
   * @param deviceName empty when the machine has no list of names
   */
  record Card(String vendorId, String vendorName, String deviceId, String deviceName) {
    /** Of no PCI card. */
    public static final Card NONE = new Card("", "", "", "");
  }

  /**
   * A network interface of a host.
   *
   * @param device its name
   * @param mac colon-separated, lower case
   * @param mtu bytes
   * @param carrier whether a link is up
   * @param speedMbps 0 when unknown
   * @param duplex whether full duplex
   * @param ip IPv4 address, empty when it has none
   * @param netmask of the IPv4 address
   * @param gateway default route through it, empty when none
   * @param ipv6 addresses with prefix length
   * @param driver kernel driver's name, empty when unknown
   * @param pciBusPath "0000:00:03.0", empty when not on PCI
   * @param card what it is
   */
  record Interface(
      String device,
      String mac,
      int mtu,
      boolean carrier,
      long speedMbps,
      boolean duplex,
      String ip,
      String netmask,
      String gateway,
      List<String> ipv6,
      String driver,
      String pciBusPath,
      Card card) {}
}

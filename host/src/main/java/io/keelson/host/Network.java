package io.keelson.host;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The networks of hosts.
 *
 * <p>A privileged host joins cards to bridges; an ordinary user's falls back to user-mode
 * networking and says so in {@link #backend}. The machine's own interfaces are touched only where a
 * bridge's {@link Uplink} names them.
 */
public interface Network {

  /** What connects guests here: "openvswitch", "bridge" or "user". */
  String backend(UUID host);

  /** What the host can do. */
  Abilities abilities(UUID host);

  /** The host's real interfaces. */
  List<Interface> interfaces(UUID host);

  /**
   * Makes sure the bridge is on the host as described, and up; one that somebody else made is taken
   * as it is. A card that gets into the bridge brings its addresses and routes along, in one step,
   * and has them back when that fails. A bridge that was another kind of network before is made
   * anew: cards of guests must be {@link #attach}ed again. Raises INVALID for a name that cannot
   * be, ALREADY_EXISTS when another kind of interface has it, UNSUPPORTED for an uplink that the
   * host cannot have. Where there are no bridges ({@code user}) nothing is needed.
   */
  void ensureBridge(UUID host, BridgeSpec bridge);

  /**
   * Removes the bridge from the host if it is there and was made by {@link #ensureBridge}. Its
   * card, if it has one, gets the bridge's addresses and routes back.
   */
  void removeBridge(UUID host, String bridge);

  /** The names of the bridges that {@link #ensureBridge} made. */
  Set<String> bridges(UUID host);

  /** How the several cards of a bridge's uplink do. */
  BondState bond(UUID host, String bridge);

  /**
   * Whether an interface of the host puts packets together that belong together, as they arrive
   * (generic receive offload). Raises UNSUPPORTED when it cannot be changed.
   */
  void mergeReceived(UUID host, String device, boolean on);

  /**
   * Has the host's bridges, those to come too, take orders from an OpenFlow controller, or from
   * none any more. What guests' cards may send stays as it was. Raises UNSUPPORTED where there is
   * no Open vSwitch.
   *
   * @param controller its address
   */
  void steer(UUID host, Optional<String> controller);

  /** The host's addresses on a bridge. */
  Addresses addresses(UUID host, String bridge);

  /**
   * Connects a machine's network card to the bridge, which {@link #ensureBridge} made, and lets
   * through what its guard allows. Harmless when it is connected already; connected to another
   * bridge, it moves. Raises UNSUPPORTED when the host cannot guard it.
   */
  NicAttachment attach(UUID host, UUID vm, int device, PortSpec port);

  /**
   * Connects a card as {@link #attach} does, a second time, for a run of its machine that is to
   * follow the one that goes on meanwhile. {@link #keep} ends that.
   */
  NicAttachment attachNext(UUID host, UUID vm, int device, PortSpec port);

  /**
   * Leaves of a card's connections only the one in use; harmless when it is the only one.
   *
   * @param used as the domain has it
   */
  void keep(UUID host, UUID vm, int device, NicAttachment used);

  /** Undoes {@link #attach}, both of them; harmless when there is nothing to undo. */
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
   * Hands out addresses on a bridge, and gives the host one there; called again, changes them.
   * Raises UNSUPPORTED when the host has no program for it.
   */
  void serveAddresses(UUID host, String bridge, AddressService service);

  /** Undoes {@link #serveAddresses}; harmless when there is nothing to undo. */
  void stopServing(UUID host, String bridge);

  /**
   * What a host can do.
   *
   * @param bridges whether there are bridges at all
   * @param tunnels whether a bridge's uplink can be a tunnel
   * @param guards whether it can filter and limit what guests send
   */
  record Abilities(boolean bridges, boolean tunnels, boolean guards) {}

  /**
   * How the cards of a bond do.
   *
   * @param up those with a link
   * @param active the one that carries the traffic, where only one does
   */
  record BondState(Set<String> up, String active) {
    public static final BondState NONE = new BondState(Set.of(), "");

    public BondState {
      up = Set.copyOf(up);
    }
  }

  /**
   * Addresses of an interface.
   *
   * @param ip IPv4 address, empty when it has none
   * @param netmask of the IPv4 address
   * @param gateway default route through it, empty when none
   * @param ipv6 addresses with prefix length
   */
  record Addresses(String ip, String netmask, String gateway, List<String> ipv6) {
    public Addresses {
      ipv6 = List.copyOf(ipv6);
    }
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

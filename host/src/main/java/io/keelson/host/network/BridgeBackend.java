package io.keelson.host.network;

import io.keelson.host.BridgeSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Network.Abilities;
import io.keelson.host.Network.BondState;
import io.keelson.host.NicAttachment;
import io.keelson.host.PortSpec;
import io.keelson.host.PortSpec.Filter;
import io.keelson.host.Uplink;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Linux bridges, one a network, and a tap device for each card. */
final class BridgeBackend implements Backend {
  /** How the alias of a VLAN's device begins; it goes on with the bridge. */
  private static final String VLAN = "keelson VLAN of ";

  private final String owner;

  /** Found out once. */
  private final boolean guards = Nft.works();

  /**
   * @param owner what marks the bridges of this server; another on the machine has its own
   */
  BridgeBackend(String owner) {
    this.owner = "keelson network " + owner;
  }

  @Override
  public String name() {
    return "bridge";
  }

  @Override
  public Abilities abilities() {
    return new Abilities(true, false, guards);
  }

  @Override
  public void ensureBridge(BridgeSpec spec) {
    String bridge = spec.name();
    if (!Kernel.exists(bridge)) {
      Kernel.ip("link", "add", "name", bridge, "type", "bridge", "forward_delay", "0");
      Kernel.ip("link", "set", "dev", bridge, "alias", owner);
    } else if (!Kernel.isBridge(bridge)) {
      throw new DriverException(Reason.ALREADY_EXISTS, "interface " + bridge + " is no bridge");
    }
    if (ours(bridge)) {
      join(spec);
      Kernel.ip("link", "set", "dev", bridge, "mtu", Integer.toString(spec.mtu()), "up");
    } else if (!(spec.uplink() instanceof Uplink.None)) {
      throw new DriverException(Reason.ALREADY_EXISTS, "bridge " + bridge + " is not ours");
    }
  }

  private static void join(BridgeSpec spec) {
    switch (spec.uplink()) {
      case Uplink.None _ -> release(spec.name(), "");
      case Uplink.Card(String card) -> take(spec, card);
      case Uplink.Vlan(String _, String card, int tag) -> take(spec, vlan(spec.name(), card, tag));
      case Uplink.Bond _, Uplink.Tunnel _ ->
          throw new DriverException(Reason.UNSUPPORTED, "bonds and tunnels need Open vSwitch");
    }
  }

  /** The device on which a card's frames with the tag appear; made if it is not there. */
  private static String vlan(String bridge, String card, int tag) {
    String device = Tap.named("kv", card + " " + tag);
    if (!Kernel.exists(device)) {
      Kernel.ip(
          "link", "add", "link", card, "name", device, "type", "vlan", "id", Integer.toString(tag));
      Kernel.ip("link", "set", "dev", device, "alias", VLAN + bridge);
    }
    return device;
  }

  private static void take(BridgeSpec spec, String card) {
    if (!Kernel.exists(card)) {
      throw new DriverException(Reason.NOT_FOUND, "there is no interface " + card);
    }
    String bridge = spec.name();
    release(bridge, card);
    String former = Kernel.master(card).orElse(card);
    Kernel.ip("link", "set", "dev", card, "mtu", Integer.toString(spec.mtu()), "up");
    if (!former.equals(bridge)) {
      Kernel.ip("link", "set", "dev", bridge, "address", Kernel.mac(card));
      Kernel.ip("link", "set", "dev", card, "master", bridge);
    }
    try {
      CardAddresses.of(card).move(card, bridge);
      if (!former.equals(bridge)) {
        CardAddresses.of(former).move(former, bridge);
      }
    } catch (RuntimeException failure) {
      if (former.equals(card)) {
        Kernel.ip("link", "set", "dev", card, "nomaster");
      }
      throw failure;
    }
  }

  /** Lets all cards but one leave the bridge, with its addresses. */
  private static void release(String bridge, String kept) {
    for (String card : cards(bridge)) {
      if (!card.equals(kept)) {
        Kernel.ip("link", "set", "dev", card, "nomaster");
        if (Kernel.alias(card).equals(VLAN + bridge)) {
          Kernel.remove(card);
        } else {
          CardAddresses.of(bridge).move(bridge, card);
        }
      }
    }
  }

  @Override
  public void removeBridge(String bridge) {
    if (Kernel.isBridge(bridge) && ours(bridge)) {
      release(bridge, "");
      Kernel.remove(bridge);
    }
  }

  @Override
  public Set<String> bridges() {
    return Kernel.devices().stream().filter(this::ours).collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Map<String, String> carriers() {
    Map<String, String> carriers = new HashMap<>();
    bridges().forEach(bridge -> cards(bridge).forEach(card -> carriers.put(card, bridge)));
    return carriers;
  }

  @Override
  public BondState bond(String bridge) {
    return BondState.NONE;
  }

  @Override
  public NicAttachment attach(Tap tap, PortSpec port) {
    if (!Kernel.isBridge(port.bridge())) {
      throw new DriverException(Reason.NOT_FOUND, "bridge " + port.bridge() + " does not exist");
    }
    if (port.guard().watches() && !guards) {
      throw new DriverException(Reason.UNSUPPORTED, "this machine has no nftables to filter with");
    }
    Kernel.ensureTap(tap, port.mtu());
    if (port.guard().watches()) {
      Nft.set(tap.device(), port.mac(), port.guard());
    } else if (guards) {
      Nft.clear(tap.device());
    }
    if (port.guard().filter() instanceof Filter.Closed) {
      Kernel.ip("link", "set", "dev", tap.device(), "nomaster", "up");
    } else {
      Kernel.ip("link", "set", "dev", tap.device(), "master", port.bridge(), "up");
    }
    return new NicAttachment.Tap(tap.device());
  }

  @Override
  public void detach(Tap tap) {
    if (Kernel.removeTap(tap) && guards) {
      Nft.clear(tap.device());
    }
  }

  private boolean ours(String bridge) {
    return Kernel.alias(bridge).equals(owner);
  }

  /** What is in a bridge besides the cards of guests. */
  private static List<String> cards(String bridge) {
    return Kernel.members(bridge).stream()
        .filter(device -> !Kernel.alias(device).startsWith(Tap.OWNED) || vlan(device))
        .toList();
  }

  private static boolean vlan(String device) {
    return Kernel.alias(device).startsWith(VLAN);
  }
}

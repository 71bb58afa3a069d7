package io.keelson.host.network;

import io.keelson.host.BridgeSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Network.Abilities;
import io.keelson.host.Network.BondState;
import io.keelson.host.NicAttachment;
import io.keelson.host.PortSpec;
import io.keelson.host.Uplink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Open vSwitch: in the kernel where its module is, else in its daemon.
 *
 * <p>A VLAN is a bridge within another ("fake bridge"): ports of it get its tag. What is ours is
 * marked in the switch's own database, which outlives this process and the machine's reboot.
 */
final class OpenVswitch implements Backend {
  private static final String KEY = "keelson";

  /** Where a bridge notes which uplink it has. */
  private static final String UPLINK = "keelson-uplink";

  private final String owner;

  /** The address of whoever steers the bridges, those to come too. */
  private volatile Optional<String> controller = Optional.empty();

  /**
   * @param owner what marks the bridges of this server; another on the machine has its own
   */
  OpenVswitch(String owner) {
    this.owner = owner;
  }

  @Override
  public String name() {
    return "openvswitch";
  }

  @Override
  public Abilities abilities() {
    return new Abilities(true, true, true);
  }

  @Override
  public void ensureBridge(BridgeSpec spec) {
    String bridge = spec.name();
    boolean there = exists(bridge);
    if (there && !owned(bridge)) {
      if (!(spec.uplink() instanceof Uplink.None)) {
        throw new DriverException(Reason.ALREADY_EXISTS, "bridge " + bridge + " is not ours");
      }
      return;
    }
    if (there && !place(bridge).equals(place(spec))) {
      removeBridge(bridge);
      there = false;
    }
    if (!there) {
      make(spec);
    }
    if (!(spec.uplink() instanceof Uplink.Vlan)) {
      join(bridge, spec.uplink());
    }
    for (String card : OvsUplink.cards(spec.uplink())) {
      Kernel.ip("link", "set", "dev", card, "mtu", Integer.toString(spec.mtu()), "up");
    }
    Vsctl.require("set", "interface", bridge, "mtu_request=" + spec.mtu());
    Kernel.ip("link", "set", "dev", bridge, "up");
  }

  private void make(BridgeSpec spec) {
    String bridge = spec.name();
    if (Kernel.exists(bridge)) {
      throw new DriverException(
          Reason.ALREADY_EXISTS, "interface " + bridge + " is not of Open vSwitch");
    }
    if (spec.uplink() instanceof Uplink.Vlan(String parent, String _, int tag)) {
      Vsctl.require(
          "add-br",
          bridge,
          parent,
          Integer.toString(tag),
          "--",
          "br-set-external-id",
          bridge,
          KEY,
          owner);
    } else {
      Vsctl.require(
          "add-br",
          bridge,
          "--",
          "br-set-external-id",
          bridge,
          KEY,
          owner,
          "--",
          "set",
          "bridge",
          bridge,
          "datapath_type=" + datapath(),
          "other_config:disable-in-band=true");
      OvsControl.steer(bridge, controller);
    }
  }

  /** Gives the bridge its uplink, and takes from it what it had instead. */
  private static void join(String bridge, Uplink uplink) {
    List<String> cards = OvsUplink.cards(uplink);
    for (String card : cards) {
      if (!Kernel.exists(card)) {
        throw new DriverException(Reason.NOT_FOUND, "there is no interface " + card);
      }
    }
    boolean right =
        Vsctl.ask("br-get-external-id", bridge, UPLINK).equals(OvsUplink.signature(uplink))
            && cards.stream().allMatch(card -> holder(card).equals(bridge));
    if (right) {
      settle(uplink);
    } else {
      replace(bridge, uplink, cards);
    }
    // After a reboot the machine has given its cards their addresses again.
    cards.forEach(card -> CardAddresses.of(card).move(card, bridge));
  }

  /** The uplink is there; what can be changed about it in place is. */
  private static void settle(Uplink uplink) {
    if (uplink instanceof Uplink.Bond bond) {
      List<String> words = new ArrayList<>(List.of("--", "set", "port", bond.name()));
      words.addAll(OvsUplink.bonding(bond));
      Vsctl.require(words);
    }
  }

  /**
   * The switch changes hands in one transaction. Addresses and routes follow the cards: from the
   * bridges that lose them, or from the cards themselves.
   */
  private static void replace(String bridge, Uplink uplink, List<String> cards) {
    List<String> former = formerCards(bridge);
    Set<String> sources = new LinkedHashSet<>();
    cards.forEach(card -> sources.add(holder(card)));
    List<String> words = new ArrayList<>();
    uplinks(bridge).forEach(port -> words.addAll(List.of("--", "--if-exists", "del-port", port)));
    cards.forEach(
        card -> words.addAll(List.of("--", "--if-exists", "--with-iface", "del-port", card)));
    mac(uplink)
        .ifPresent(mac ->
            words.addAll(
                List.of("--", "set", "bridge", bridge, "other_config:hwaddr=\"" + mac + "\"")));
    words.addAll(OvsUplink.add(bridge, uplink));
    words.addAll(List.of("--", "br-set-external-id", bridge, UPLINK, OvsUplink.signature(uplink)));
    Vsctl.require(words);
    try {
      sources.stream()
          .filter(source -> !source.equals(bridge))
          .forEach(source -> CardAddresses.of(source).move(source, bridge));
    } catch (RuntimeException failure) {
      // The cards that stood alone stand alone again, with the addresses they still have.
      cards.stream()
          .filter(sources::contains)
          .forEach(card -> Vsctl.is("--if-exists", "--with-iface", "del-port", card));
      throw failure;
    }
    if (cards.isEmpty() && !former.isEmpty()) {
      CardAddresses.of(bridge).move(bridge, former.getFirst());
    }
  }

  /** The cards that a bridge still has of those it was given. */
  private static List<String> formerCards(String bridge) {
    String[] words = Vsctl.ask("br-get-external-id", bridge, UPLINK).split(" ");
    int first = words[0].equals("card") ? 1 : words[0].equals("bond") ? 2 : words.length;
    return List.of(words).subList(first, words.length).stream()
        .filter(card -> holder(card).equals(bridge))
        .toList();
  }

  private static Optional<String> mac(Uplink uplink) {
    return switch (uplink) {
      case Uplink.Bond bond -> Optional.of(bond.mac());
      case Uplink.Card(String card) -> Optional.of(Kernel.mac(card));
      case Uplink.None _, Uplink.Vlan _, Uplink.Tunnel _ -> Optional.empty();
    };
  }

  @Override
  public void removeBridge(String bridge) {
    if (!exists(bridge) || !owned(bridge)) {
      return;
    }
    if (place(bridge).equals(bridge + " 0")) {
      // Its cards leave first, so that they get back what the bridge has of theirs.
      replace(bridge, new Uplink.None(), List.of());
    }
    Vsctl.require("--if-exists", "del-br", bridge);
  }

  @Override
  public Set<String> bridges() {
    Set<String> ours = new HashSet<>(Vsctl.ask("list-br").lines().toList());
    ours.removeIf(bridge -> !owned(bridge));
    return ours;
  }

  @Override
  public Map<String, String> carriers() {
    Map<String, String> carriers = new HashMap<>();
    for (String bridge : bridges()) {
      for (String port : Vsctl.ask("list-ifaces", bridge).lines().toList()) {
        carriers.put(port, bridge);
      }
    }
    return carriers;
  }

  @Override
  public BondState bond(String bridge) {
    String signature = Vsctl.ask("br-get-external-id", bridge, UPLINK);
    String[] words = signature.split(" ");
    if (!words[0].equals("bond")) {
      return BondState.NONE;
    }
    return BondReport.read(Vsctl.daemon("bond/show", words[1])).state(Kernel::carrier);
  }

  @Override
  public void steer(Optional<String> address) {
    controller = address;
    bridges().stream()
        .filter(bridge -> place(bridge).equals(bridge + " 0"))
        .forEach(bridge -> OvsControl.steer(bridge, address));
  }

  @Override
  public NicAttachment attach(Tap tap, PortSpec port) {
    if (!exists(port.bridge())) {
      throw new DriverException(Reason.NOT_FOUND, "bridge " + port.bridge() + " does not exist");
    }
    Kernel.ensureTap(tap, port.mtu());
    new OvsPort(tap).join(port);
    return new NicAttachment.Tap(tap.device());
  }

  @Override
  public void detach(Tap tap) {
    if (Kernel.alias(tap.device()).equals(tap.owner())) {
      new OvsPort(tap).leave();
      Kernel.removeTap(tap);
    }
  }

  private static boolean exists(String bridge) {
    return Vsctl.is("br-exists", bridge);
  }

  private boolean owned(String bridge) {
    return Vsctl.ask("br-get-external-id", bridge, KEY).equals(owner);
  }

  /** Which bridge holds a card; the card itself when none does. */
  private static String holder(String card) {
    String bridge = Vsctl.ask("iface-to-br", card);
    return bridge.isEmpty() ? card : bridge;
  }

  private static List<String> uplinks(String bridge) {
    return Vsctl.ask("list-ports", bridge)
        .lines()
        .filter(port -> Vsctl.ask("get", "port", port, "external_ids").contains("keelson=uplink"))
        .toList();
  }

  /** Which bridge a bridge is within, and with which tag. */
  private static String place(String bridge) {
    return Vsctl.ask("br-to-parent", bridge) + " " + Vsctl.ask("br-to-vlan", bridge);
  }

  private static String place(BridgeSpec spec) {
    return spec.uplink() instanceof Uplink.Vlan(String parent, String _, int tag)
        ? parent + " " + tag
        : spec.name() + " 0";
  }

  private static String datapath() {
    return Files.exists(Path.of("/sys/module/openvswitch")) ? "system" : "netdev";
  }
}

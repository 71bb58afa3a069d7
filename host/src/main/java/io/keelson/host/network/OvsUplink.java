package io.keelson.host.network;

import io.keelson.host.Uplink;
import io.keelson.host.Uplink.Bond.Mode;
import io.keelson.host.Uplink.Tunnel.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Uplinks as ports of Open vSwitch. */
final class OvsUplink {
  /** What marks a port as a bridge's uplink. */
  static final String MARK = "external_ids:keelson=uplink";

  private OvsUplink() {}

  /** The host's own interfaces that the uplink takes. */
  static List<String> cards(Uplink uplink) {
    return switch (uplink) {
      case Uplink.Card(String device) -> List.of(device);
      case Uplink.Bond bond -> bond.devices();
      case Uplink.None _, Uplink.Vlan _, Uplink.Tunnel _ -> List.of();
    };
  }

  /** The name by which a change of the uplink is known. */
  static String signature(Uplink uplink) {
    return switch (uplink) {
      case Uplink.None _, Uplink.Vlan _ -> "none";
      case Uplink.Card(String device) -> "card " + device;
      case Uplink.Bond bond -> "bond " + bond.name() + " " + String.join(" ", bond.devices());
      case Uplink.Tunnel(Protocol protocol, long key, List<String> remotes) ->
          "tunnel " + protocol + " " + key + " " + String.join(" ", remotes);
    };
  }

  /** The commands for {@code ovs-vsctl} that add the uplink's ports, each beginning with "--". */
  static List<String> add(String bridge, Uplink uplink) {
    return switch (uplink) {
      case Uplink.None _, Uplink.Vlan _ -> List.of();
      case Uplink.Card(String device) ->
          List.of("--", "add-port", bridge, device, "--", "set", "port", device, MARK);
      case Uplink.Bond bond -> {
        List<String> words = new ArrayList<>(List.of("--", "add-bond", bridge, bond.name()));
        words.addAll(bond.devices());
        words.addAll(List.of("--", "set", "port", bond.name(), MARK));
        words.addAll(bonding(bond));
        yield words;
      }
      case Uplink.Tunnel tunnel -> {
        List<String> words = new ArrayList<>();
        for (String remote : tunnel.remotes()) {
          words.addAll(end(bridge, tunnel, remote));
        }
        yield words;
      }
    };
  }

  /** Hosts are joined each to each, so that what came through a tunnel goes into no other. */
  private static List<String> end(String bridge, Uplink.Tunnel tunnel, String remote) {
    String port = Tap.named("ku", bridge + " " + remote);
    return List.of(
        "--",
        "add-port",
        bridge,
        port,
        "--",
        "set",
        "port",
        port,
        MARK,
        "protected=true",
        "--",
        "set",
        "interface",
        port,
        "type=" + tunnel.protocol().name().toLowerCase(Locale.ROOT),
        "options:remote_ip=\"" + remote + "\"",
        "options:key=" + tunnel.key());
  }

  /** What tells how a bond shares its traffic. */
  static List<String> bonding(Uplink.Bond bond) {
    boolean lacp = bond.mode() == Mode.LACP;
    return List.of(
        "bond_mode=" + mode(bond.mode(), bond.properties()),
        "lacp=" + (lacp ? "active" : "off"),
        "other_config:lacp-fallback-ab=" + lacp,
        "other_config:lacp-time=fast");
  }

  private static String mode(Mode mode, Map<String, String> properties) {
    return switch (mode) {
      case BALANCE_SLB -> "balance-slb";
      case ACTIVE_BACKUP -> "active-backup";
      case LACP ->
          "src_mac".equals(properties.get("hashing_algorithm")) ? "balance-slb" : "balance-tcp";
    };
  }
}

package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Bond;
import io.keelson.api.model.BondMode;
import io.keelson.api.model.Host;
import io.keelson.api.model.Network;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Vlan;
import io.keelson.host.BridgeSpec;
import io.keelson.host.IpSettings;
import io.keelson.host.Uplink;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the records say a host's bridges are to be. */
final class Wiring {
  private Wiring() {}

  /** The bridge of a network on a host as it is now: with its uplink while that is plugged. */
  static BridgeSpec bridge(Snapshot state, Ref<Network> ref, Ref<Host> host) {
    Network network = state.get(ApiModel.NETWORK, ref);
    return pif(state, network, host)
        .map(Row::record)
        .filter(Pif::currentlyAttached)
        .map(pif -> plugged(state, pif))
        .orElseGet(() -> inner(network));
  }

  /** The bridge of a network while no interface of the host is plugged into it. */
  static BridgeSpec inner(Network network) {
    return BridgeSpec.inner(network.bridge(), Math.toIntExact(network.mtu()));
  }

  /** The bridge of an interface's network while the interface is plugged. */
  static BridgeSpec plugged(Snapshot state, Pif pif) {
    Network network = state.get(ApiModel.NETWORK, pif.network());
    return pif.managed()
        ? new BridgeSpec(
            network.bridge(),
            Math.toIntExact(network.mtu()),
            uplink(state, pif),
            PifAddresses.settings(pif))
        : inner(network);
  }

  /** The interface of a host on a network. */
  static Optional<Row<Pif>> pif(Snapshot state, Network network, Ref<Host> host) {
    return state
        .rows(ApiModel.PIF)
        .filter(row -> network.pifs().contains(row.ref()) && row.record().host().equals(host))
        .findFirst();
  }

  private static Uplink uplink(Snapshot state, Pif pif) {
    for (Ref<Bond> bond : pif.bondMasterOf()) {
      return bond(state, pif.device(), state.get(ApiModel.BOND, bond), pif.mac());
    }
    if (!pif.vlanMasterOf().isNull()) {
      Vlan vlan = state.get(ApiModel.VLAN, pif.vlanMasterOf());
      return vlan(state, state.get(ApiModel.PIF, vlan.taggedPif()), vlan.tag());
    }
    for (var tunnel : pif.tunnelAccessPifOf()) {
      return TunnelEnds.of(state, state.get(ApiModel.TUNNEL, tunnel), pif);
    }
    return new Uplink.Card(pif.device());
  }

  private static Uplink bond(Snapshot state, String name, Bond bond, String mac) {
    Ref<Pif> primary = bond.primarySlave();
    return bond(
        state,
        name,
        bond.slaves().stream().sorted(Comparator.comparing(ref -> !ref.equals(primary))).toList(),
        bond.mode(),
        mac,
        bond.properties());
  }

  /** A bond of interfaces, the primary one first. */
  static Uplink.Bond bond(
      Snapshot state,
      String name,
      Collection<Ref<Pif>> members,
      BondMode mode,
      String mac,
      Map<String, String> properties) {
    List<String> devices =
        members.stream().map(ref -> state.get(ApiModel.PIF, ref).device()).toList();
    return new Uplink.Bond(name, devices, mode(mode), mac, properties);
  }

  static Uplink.Bond.Mode mode(BondMode mode) {
    return switch (mode) {
      case BALANCE_SLB -> Uplink.Bond.Mode.BALANCE_SLB;
      case ACTIVE_BACKUP -> Uplink.Bond.Mode.ACTIVE_BACKUP;
      case LACP -> Uplink.Bond.Mode.LACP;
    };
  }

  static Uplink vlan(Snapshot state, Pif tagged, long tag) {
    String parent = state.get(ApiModel.NETWORK, tagged.network()).bridge();
    return new Uplink.Vlan(parent, tagged.device(), Math.toIntExact(tag));
  }

  /** All bridges with a plugged interface on a host: those that others stand on come first. */
  static List<Row<Pif>> attached(Snapshot state, Ref<Host> host) {
    return state
        .rows(ApiModel.PIF)
        .filter(row -> row.record().host().equals(host))
        .filter(row -> row.record().currentlyAttached() && row.record().managed())
        .filter(row -> row.record().bondSlaveOf().isNull())
        .sorted(Comparator.comparingInt(row -> depth(row.record())))
        .toList();
  }

  private static int depth(Pif pif) {
    if (!pif.tunnelAccessPifOf().isEmpty()) {
      return 2;
    }
    return pif.vlanMasterOf().isNull() ? 0 : 1;
  }

  /** The names of all networks' bridges. */
  static Stream<String> names(Snapshot state) {
    return state.rows(ApiModel.NETWORK).map(row -> row.record().bridge());
  }

  static BridgeSpec with(Network network, Uplink uplink, IpSettings ip) {
    return new BridgeSpec(network.bridge(), Math.toIntExact(network.mtu()), uplink, ip);
  }
}

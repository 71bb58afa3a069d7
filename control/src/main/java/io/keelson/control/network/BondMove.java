package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.IpConfigurationMode;
import io.keelson.api.model.Ipv6ConfigurationMode;
import io.keelson.api.model.Network;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vlan;
import io.keelson.api.model.Vm;
import io.keelson.host.BridgeSpec;
import io.keelson.host.Uplink;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What moves between a bond and its members: VLANs, tunnels, the cards of VMs, and the host's own
 * address.
 *
 * @param from the interfaces that give it away
 * @param fromNetworks their networks
 * @param to the network that takes the cards
 */
record BondMove(
    Ref<Host> host, List<Ref<Pif>> from, List<Ref<Network>> fromNetworks, Ref<Network> to) {
  BondMove {
    from = List.copyOf(from);
    fromNetworks = List.copyOf(fromNetworks);
  }

  static BondMove of(Snapshot state, Ref<Host> host, List<Ref<Pif>> from, Ref<Network> to) {
    return new BondMove(
        host, from, from.stream().map(p -> state.get(ApiModel.PIF, p).network()).toList(), to);
  }

  private List<Ref<Vlan>> vlans(Snapshot state) {
    return from.stream().flatMap(p -> state.get(ApiModel.PIF, p).vlanSlaveOf().stream()).toList();
  }

  private List<Ref<Network>> vlanNetworks(Snapshot state) {
    return vlans(state).stream()
        .map(v -> state.get(ApiModel.VLAN, v).untaggedPif())
        .map(p -> state.get(ApiModel.PIF, p).network())
        .toList();
  }

  /** All networks that change. */
  List<Ref<Network>> networks(Snapshot state) {
    List<Ref<Network>> all = new ArrayList<>(fromNetworks);
    all.add(to);
    all.addAll(vlanNetworks(state));
    return all;
  }

  /**
   * The change of the host.
   *
   * @param carrier the bridge that is to have the cards
   * @param device of the interface that is to have the VLANs
   */
  HostChange change(Snapshot state, BridgeSpec carrier, String device) {
    List<BridgeSpec> after = new ArrayList<>(List.of(carrier));
    for (Ref<Vlan> ref : vlans(state)) {
      Vlan vlan = state.get(ApiModel.VLAN, ref);
      Pif untagged = state.get(ApiModel.PIF, vlan.untaggedPif());
      if (untagged.currentlyAttached()) {
        after.add(
            Wiring.with(
                state.get(ApiModel.NETWORK, untagged.network()),
                new Uplink.Vlan(carrier.name(), device, Math.toIntExact(vlan.tag())),
                PifAddresses.settings(untagged)));
      }
    }
    List<GuestPorts.Plugged> cards = GuestPorts.plugged(state, fromNetworks, host);
    List<GuestPorts.Plugged> tagged = GuestPorts.plugged(state, vlanNetworks(state), host);
    List<BridgeSpec> before = new ArrayList<>();
    fromNetworks.forEach(n -> before.add(Wiring.bridge(state, n, host)));
    vlanNetworks(state).forEach(n -> before.add(Wiring.bridge(state, n, host)));
    return new HostChange(
        PlugPif.host(state, state.get(ApiModel.PIF, from.getFirst())),
        before,
        both(cards, tagged),
        after,
        both(cards.stream().map(card -> card.on(carrier.name(), carrier.mtu())).toList(), tagged),
        fromNetworks.stream().map(n -> state.get(ApiModel.NETWORK, n).bridge()).toList());
  }

  private static <T> List<T> both(Collection<T> first, Collection<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /** Records that the new interface has what the others had. */
  void settle(Transaction tx, Ref<Pif> heir) {
    Pif record = tx.get(ApiModel.PIF, heir);
    for (Ref<Vlan> ref : vlans(tx)) {
      tx.update(ApiModel.VLAN, ref, v -> v.with(b -> b.taggedPif(heir)));
      tx.update(
          ApiModel.PIF,
          tx.get(ApiModel.VLAN, ref).untaggedPif(),
          p -> p.with(b -> b.device(record.device()).mac(record.mac())));
    }
    from.stream()
        .flatMap(p -> tx.get(ApiModel.PIF, p).tunnelTransportPifOf().stream())
        .toList()
        .forEach(t -> tx.update(ApiModel.TUNNEL, t, v -> v.with(b -> b.transportPif(heir))));
    for (Ref<Network> network : fromNetworks) {
      tx.get(ApiModel.NETWORK, network).vifs().stream()
          .filter(vif -> belongs(tx, tx.get(ApiModel.VIF, vif)))
          .toList()
          .forEach(vif -> tx.update(ApiModel.VIF, vif, v -> v.with(b -> b.network(to))));
    }
  }

  /** Whether a card's VM is on the host, or can be nowhere else. */
  private boolean belongs(Snapshot state, Vif vif) {
    Vm vm = state.get(ApiModel.VM, vif.vm());
    boolean alone = state.table(ApiModel.HOST).size() == 1;
    return vm.residentOn().equals(host)
        || (vm.residentOn().isNull() && (alone || vm.affinity().equals(host)));
  }

  /** The interface with another's address and its part as the management interface. */
  static Pif heir(Pif pif, Pif of) {
    Pif heir = PifAddresses.configured(pif, PifAddresses.configured(of));
    return heir.with(b ->
        b.management(of.management())
            .ipConfigurationMode(of.ipConfigurationMode())
            .ip(of.ip())
            .netmask(of.netmask())
            .gateway(of.gateway())
            .dns(of.dns())
            .ipv6ConfigurationMode(of.ipv6ConfigurationMode())
            .ipv6(of.ipv6())
            .ipv6Gateway(of.ipv6Gateway())
            .primaryAddressType(of.primaryAddressType()));
  }

  /** The interface without any address. */
  static Pif bare(Pif pif) {
    return PifAddresses.configured(pif, false)
        .with(b ->
            b.management(false)
                .ipConfigurationMode(IpConfigurationMode.NONE)
                .ip("")
                .netmask("")
                .gateway("")
                .dns("")
                .ipv6ConfigurationMode(Ipv6ConfigurationMode.NONE)
                .ipv6(List.of())
                .ipv6Gateway(""));
  }

  /** The first of bond0, bond1 ... that the host has not. */
  static String freeName(Snapshot state, Ref<Host> host) {
    for (int number = 0; ; number++) {
      String name = "bond" + number;
      Optional<Ref<Pif>> taken =
          state
              .rows(ApiModel.PIF)
              .filter(row -> row.record().host().equals(host))
              .filter(row -> row.record().device().equals(name))
              .map(Row::ref)
              .findFirst();
      if (taken.isEmpty()) {
        return name;
      }
    }
  }
}

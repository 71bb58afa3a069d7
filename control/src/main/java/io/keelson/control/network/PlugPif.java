package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.IpConfigurationMode;
import io.keelson.api.model.Network;
import io.keelson.api.model.Pif;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.rules.HostId;
import io.keelson.host.BridgeSpec;
import io.keelson.host.Network.Addresses;
import io.keelson.host.Progress;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Brings a host's interface up: its network reaches the world through it. Whatever it stands on
 * comes up with it.
 */
record PlugPif(io.keelson.host.Network driver, Ref<Pif> pif)
    implements Steps<PlugPif.Plan, List<Addresses>> {

  /**
   * What is to be done.
   *
   * @param pifs those that come up, in order
   * @param separate devices that are not to merge packets
   */
  record Plan(
      List<Ref<Pif>> pifs, List<String> bridges, HostChange change, List<String> separate) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    Pif record = tx.get(ApiModel.PIF, pif);
    PifRules.checkManaged(pif, record);
    if (!record.bondSlaveOf().isNull()) {
      throw ApiErrors.cannotPlugBondSlave(pif.text());
    }
    List<Ref<Pif>> pifs = order(tx, pif, record);
    pifs.forEach(ref -> PifRules.checkManaged(ref, tx.get(ApiModel.PIF, ref)));
    List<Ref<Network>> networks =
        pifs.stream().map(ref -> tx.get(ApiModel.PIF, ref).network()).distinct().toList();
    PifRules.claim(tx, claims, networks);
    List<BridgeSpec> after = bridges(tx, pifs);
    return new Plan(
        pifs,
        after.stream().map(BridgeSpec::name).toList(),
        HostChange.of(
            host(tx, record),
            networks.stream().map(n -> Wiring.bridge(tx, n, record.host())).toList(),
            after,
            GuestPorts.plugged(tx, networks, record.host())),
        PifProperties.separate(tx, pifs));
  }

  /** The interface with what it stands on, that first. */
  private static List<Ref<Pif>> order(Snapshot state, Ref<Pif> ref, Pif record) {
    List<Ref<Pif>> pifs = new ArrayList<>();
    if (!record.vlanMasterOf().isNull()) {
      pifs.add(state.get(ApiModel.VLAN, record.vlanMasterOf()).taggedPif());
    }
    for (var tunnel : record.tunnelAccessPifOf()) {
      Ref<Pif> transport = state.get(ApiModel.TUNNEL, tunnel).transportPif();
      Pif below = state.get(ApiModel.PIF, transport);
      if (below.ipConfigurationMode() == IpConfigurationMode.NONE) {
        throw ApiErrors.transportPifNotConfigured(transport.text());
      }
      pifs.addAll(order(state, transport, below));
    }
    pifs.add(ref);
    return pifs;
  }

  static List<BridgeSpec> bridges(Snapshot state, List<Ref<Pif>> pifs) {
    return pifs.stream().map(ref -> Wiring.plugged(state, state.get(ApiModel.PIF, ref))).toList();
  }

  static UUID host(Snapshot state, Pif pif) {
    return HostId.of(state, pif.host());
  }

  @Override
  public List<Addresses> act(Plan plan, Progress progress) {
    plan.change().run(driver);
    PifProperties.keepSeparate(driver, plan.change().host(), plan.separate());
    return plan.bridges().stream()
        .map(bridge -> driver.addresses(plan.change().host(), bridge))
        .toList();
  }

  @Override
  public void settle(Transaction tx, Plan plan, List<Addresses> found) {
    for (int i = 0; i < plan.pifs().size(); i++) {
      up(tx, plan.pifs().get(i), driver.abilities(plan.change().host()).bridges(), found.get(i));
    }
  }

  /**
   * Records that an interface is up.
   *
   * @param bridged whether its addresses are those of its bridge
   */
  static void up(Transaction tx, Ref<Pif> ref, boolean bridged, Addresses found) {
    Pif pif = tx.get(ApiModel.PIF, ref);
    long mtu = tx.get(ApiModel.NETWORK, pif.network()).mtu();
    Pif addressed =
        bridged && pif.managed() ? PifRecords.given(PifAddresses.with(pif, found)) : pif;
    tx.update(ApiModel.PIF, ref, _ -> addressed.with(b -> b.currentlyAttached(true).mtu(mtu)));
    for (var bond : pif.bondMasterOf()) {
      tx.get(ApiModel.BOND, bond)
          .slaves()
          .forEach(slave ->
              tx.update(
                  ApiModel.PIF,
                  slave,
                  p -> PifRecords.given(p).with(b -> b.currentlyAttached(true))));
    }
    TunnelRecords.active(tx, pif, true);
  }
}

package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Bond;
import io.keelson.api.model.BondFields;
import io.keelson.api.model.BondMode;
import io.keelson.api.model.Host;
import io.keelson.api.model.Network;
import io.keelson.api.model.Pif;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.BridgeSpec;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Joins interfaces of a host into one, which takes over all that hangs on them. */
record CreateBond(
    io.keelson.host.Network driver,
    Ref<Network> network,
    Set<Ref<Pif>> wanted,
    String mac,
    BondMode mode,
    Map<String, String> properties)
    implements Steps<CreateBond.Plan, Ref<Bond>> {

  /**
   * What is to be made.
   *
   * @param members the primary one first
   */
  record Plan(
      Ref<Bond> bond,
      List<Ref<Pif>> members,
      String name,
      String mac,
      Map<String, String> properties,
      BondMove move,
      HostChange change) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    String address = mac.isEmpty() ? "" : Macs.checked(mac);
    Map<String, String> settings = BondProperties.checked(mode, properties);
    List<Ref<Pif>> members = BondRules.members(tx, wanted, address);
    Pif primary = tx.get(ApiModel.PIF, members.getFirst());
    Ref<Host> host = primary.host();
    PifRules.checkFree(tx, network, host);
    BondMove move = BondMove.of(tx, host, members, network);
    PifRules.claim(tx, claims, move.networks(tx));
    String name = BondMove.freeName(tx, host);
    String own = address.isEmpty() ? primary.mac() : address;
    BridgeSpec carrier =
        Wiring.with(
            tx.get(ApiModel.NETWORK, network),
            Wiring.bond(tx, name, members, mode, own, settings),
            PifAddresses.settings(primary));
    HostChange change = move.change(tx, carrier, name);
    return new Plan(Ref.fresh(), members, name, own, settings, move, change);
  }

  @Override
  public Ref<Bond> act(Plan plan, Progress progress) {
    plan.change().run(driver);
    return plan.bond();
  }

  @Override
  public void settle(Transaction tx, Plan plan, Ref<Bond> bond) {
    Pif primary = tx.get(ApiModel.PIF, plan.members().getFirst());
    Pif blank =
        PifRecords.blank()
            .with(b ->
                b.host(primary.host())
                    .network(network)
                    .device(plan.name())
                    .mac(plan.mac())
                    .mtu(tx.get(ApiModel.NETWORK, network).mtu())
                    .managed(true)
                    .currentlyAttached(true)
                    .properties(primary.properties()));
    Ref<Pif> master = PifRecords.introduce(tx, BondMove.heir(blank, primary));
    tx.create(
        ApiModel.BOND,
        bond,
        BondFields.API_CLASS
            .blank()
            .with(b ->
                b.uuid(UUID.randomUUID().toString())
                    .master(master)
                    .mode(mode)
                    .properties(plan.properties())
                    .primarySlave(plan.members().getFirst())));
    plan.members()
        .forEach(member ->
            tx.update(
                ApiModel.PIF,
                member,
                p ->
                    PifRecords.given(BondMove.bare(p))
                        .with(b -> b.bondSlaveOf(bond).currentlyAttached(true))));
    plan.move().settle(tx, master);
  }
}

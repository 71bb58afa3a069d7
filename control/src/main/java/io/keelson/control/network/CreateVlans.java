package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Network;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Vlan;
import io.keelson.api.model.VlanFields;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.IpSettings;
import io.keelson.host.Network.Addresses;
import io.keelson.host.Progress;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * Makes a VLAN on interfaces of one or more hosts, and brings it up.
 *
 * @param choose finds the interfaces, with the error if there are none
 */
record CreateVlans(
    io.keelson.host.Network driver,
    Function<Snapshot, List<Ref<Pif>>> choose,
    long tag,
    Ref<Network> network)
    implements Steps<CreateVlans.Plan, List<CreateVlans.Made>> {

  /** What is to be made on each host. */
  record Plan(List<Part> parts) {}

  /** A VLAN of one host. */
  record Part(
      Ref<Pif> tagged, Ref<Vlan> vlan, Ref<Pif> untagged, HostChange change, String below) {}

  /**
   * The new objects.
   *
   * @param below the addresses of the bridge that the VLAN stands on
   */
  record Made(Ref<Vlan> vlan, Ref<Pif> untagged, Addresses below) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    PifRules.checkTag(tag);
    List<Ref<Pif>> tagged = choose.apply(tx);
    tagged.forEach(pif -> PifRules.checkTaggable(tx, pif, tag));
    tagged.forEach(pif -> PifRules.checkFree(tx, network, tx.get(ApiModel.PIF, pif).host()));
    Set<Ref<Network>> networks = new LinkedHashSet<>(Set.of(network));
    tagged.forEach(pif -> networks.add(tx.get(ApiModel.PIF, pif).network()));
    PifRules.claim(tx, claims, networks);
    return new Plan(tagged.stream().map(pif -> part(tx, pif)).toList());
  }

  private Part part(Snapshot state, Ref<Pif> ref) {
    Pif pif = state.get(ApiModel.PIF, ref);
    Network record = state.get(ApiModel.NETWORK, network);
    var below = Wiring.plugged(state, pif);
    var before = Wiring.bridge(state, pif.network(), pif.host());
    var above = Wiring.with(record, Wiring.vlan(state, pif, tag), IpSettings.KEPT);
    HostChange change =
        HostChange.of(
            PlugPif.host(state, pif),
            List.of(before),
            List.of(below, above),
            GuestPorts.plugged(state, pif.network(), pif.host()));
    return new Part(ref, Ref.fresh(), Ref.fresh(), change, below.name());
  }

  @Override
  public List<Made> act(Plan plan, Progress progress) {
    List<Part> done = new ArrayList<>();
    try {
      for (Part part : plan.parts()) {
        part.change().run(driver);
        done.add(part);
      }
      return plan.parts().stream().map(this::made).toList();
    } catch (RuntimeException failure) {
      done.forEach(part -> part.change().undo(driver));
      throw failure;
    }
  }

  private Made made(Part part) {
    Addresses below = driver.addresses(part.change().host(), part.below());
    return new Made(part.vlan(), part.untagged(), below);
  }

  @Override
  public void settle(Transaction tx, Plan plan, List<Made> made) {
    for (int i = 0; i < made.size(); i++) {
      settle(tx, plan.parts().get(i), made.get(i));
    }
  }

  private void settle(Transaction tx, Part part, Made made) {
    boolean bridged = driver.abilities(part.change().host()).bridges();
    PlugPif.up(tx, part.tagged(), bridged, made.below());
    Pif tagged = tx.get(ApiModel.PIF, part.tagged());
    PifRecords.introduce(
        tx,
        made.untagged(),
        PifRecords.blank()
            .with(b ->
                b.host(tagged.host())
                    .network(network)
                    .device(tagged.device())
                    .mac(tagged.mac())
                    .mtu(tx.get(ApiModel.NETWORK, network).mtu())
                    .vlan(tag)
                    .managed(true)
                    .currentlyAttached(true)));
    tx.create(
        ApiModel.VLAN,
        made.vlan(),
        VlanFields.API_CLASS
            .blank()
            .with(b ->
                b.uuid(UUID.randomUUID().toString())
                    .tag(tag)
                    .taggedPif(part.tagged())
                    .untaggedPif(made.untagged())));
    tx.update(ApiModel.PIF, made.untagged(), p -> p.with(b -> b.vlanMasterOf(made.vlan())));
  }
}

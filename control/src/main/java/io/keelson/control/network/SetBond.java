package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Bond;
import io.keelson.api.model.Pif;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.BridgeSpec;
import io.keelson.host.Network;
import io.keelson.host.Progress;
import io.keelson.host.Uplink;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Changes how a bond shares its traffic.
 *
 * @param change with the error if it cannot be
 */
record SetBond(Network driver, Ref<Bond> bond, UnaryOperator<Bond> change)
    implements Steps<SetBond.Plan, SetBond.Plan> {

  /** What is to be done. */
  record Plan(Bond changed, HostChange host) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    Bond record = tx.get(ApiModel.BOND, bond);
    Bond changed = change.apply(record);
    Pif master = tx.get(ApiModel.PIF, record.master());
    PifRules.claim(tx, claims, Set.of(master.network()));
    List<BridgeSpec> before =
        master.currentlyAttached() ? List.of(Wiring.plugged(tx, master)) : List.of();
    List<BridgeSpec> after = before.stream().map(bridge -> with(bridge, changed)).toList();
    return new Plan(changed, HostChange.of(PlugPif.host(tx, master), before, after, List.of()));
  }

  private static BridgeSpec with(BridgeSpec bridge, Bond bond) {
    return bridge.uplink() instanceof Uplink.Bond uplink
        ? new BridgeSpec(
            bridge.name(),
            bridge.mtu(),
            new Uplink.Bond(
                uplink.name(),
                uplink.devices(),
                Wiring.mode(bond.mode()),
                uplink.mac(),
                bond.properties()),
            bridge.ip())
        : bridge;
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    plan.host().run(driver);
    return plan;
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {
    tx.update(
        ApiModel.BOND,
        bond,
        b -> b.with(n -> n.mode(plan.changed().mode()).properties(plan.changed().properties())));
  }
}

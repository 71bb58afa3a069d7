package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Bond;
import io.keelson.api.model.Pif;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Network;
import io.keelson.host.Progress;
import io.keelson.host.Uplink;
import io.keelson.store.Transaction;
import java.util.List;

/** Splits a bond; its primary member takes back all that hangs on it. */
record DestroyBond(Network driver, Ref<Bond> bond)
    implements Steps<DestroyBond.Plan, DestroyBond.Plan> {

  /** What is to be done. */
  record Plan(Ref<Pif> master, Ref<Pif> primary, BondMove move, HostChange change) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    Bond record = tx.get(ApiModel.BOND, bond);
    Pif master = tx.get(ApiModel.PIF, record.master());
    PifRules.checkManaged(record.master(), master);
    Pif primary = tx.get(ApiModel.PIF, record.primarySlave());
    BondMove move = BondMove.of(tx, master.host(), List.of(record.master()), primary.network());
    PifRules.claim(tx, claims, move.networks(tx));
    var carrier =
        Wiring.with(
            tx.get(ApiModel.NETWORK, primary.network()),
            master.currentlyAttached() ? new Uplink.Card(primary.device()) : new Uplink.None(),
            PifAddresses.settings(master));
    HostChange change = move.change(tx, carrier, primary.device());
    return new Plan(record.master(), record.primarySlave(), move, change);
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    plan.change().run(driver);
    return plan;
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {
    Pif master = tx.get(ApiModel.PIF, plan.master());
    for (Ref<Pif> member : tx.get(ApiModel.BOND, bond).slaves()) {
      boolean heir = member.equals(plan.primary());
      tx.update(
          ApiModel.PIF,
          member,
          p ->
              (heir ? BondMove.heir(p, master) : p)
                  .with(b ->
                      b.bondSlaveOf(Ref.none())
                          .currentlyAttached(heir && master.currentlyAttached())));
    }
    plan.move().settle(tx, plan.primary());
    tx.delete(ApiModel.BOND, bond);
    PifRecords.delete(tx, plan.master());
  }
}

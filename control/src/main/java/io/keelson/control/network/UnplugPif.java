package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pif;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.pool.ha.HaGuard;
import io.keelson.host.Network;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.Set;

/** Takes a host's interface down: it is the machine's own again, with its addresses. */
record UnplugPif(Network driver, Ref<Pif> pif) implements Steps<HostChange, HostChange> {

  @Override
  public HostChange claim(Transaction tx, Claims claims) {
    PifRules.checkUnplug(tx, pif);
    Pif record = tx.get(ApiModel.PIF, pif);
    if (record.currentlyAttached()) {
      HaGuard.rehearse(tx, it -> attached(it, false), it -> attached(it, true));
    }
    PifRules.claim(tx, claims, Set.of(record.network()));
    return HostChange.removal(
        PlugPif.host(tx, record), Wiring.bridge(tx, record.network(), record.host()));
  }

  @Override
  public HostChange act(HostChange plan, Progress progress) {
    plan.run(driver);
    return plan;
  }

  @Override
  public void settle(Transaction tx, HostChange plan, HostChange done) {
    attached(tx, false);
    TunnelRecords.active(tx, tx.get(ApiModel.PIF, pif), false);
  }

  private void attached(Transaction tx, boolean attached) {
    tx.update(ApiModel.PIF, pif, p -> p.with(b -> b.currentlyAttached(attached)));
  }
}

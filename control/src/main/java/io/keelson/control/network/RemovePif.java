package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pif;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Network;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.Set;

/** Removes a VLAN, or a tunnel's end, with its interface. */
record RemovePif(Network driver, Ref<Pif> pif) implements Steps<HostChange, HostChange> {

  @Override
  public HostChange claim(Transaction tx, Claims claims) {
    Pif record = tx.get(ApiModel.PIF, pif);
    if (record.management()) {
      throw ApiErrors.pifIsManagementInterface(pif.text());
    }
    PifRules.checkManaged(pif, record);
    PifRules.checkUnused(tx, record.network(), record.host());
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
    Pif record = tx.get(ApiModel.PIF, pif);
    record.tunnelAccessPifOf().forEach(tunnel -> tx.delete(ApiModel.TUNNEL, tunnel));
    if (!record.vlanMasterOf().isNull()) {
      tx.update(ApiModel.PIF, pif, p -> p.with(b -> b.vlanMasterOf(Ref.none())));
      tx.delete(ApiModel.VLAN, record.vlanMasterOf());
    }
    PifRecords.delete(tx, pif);
  }
}

package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifFields;
import io.keelson.api.model.VifOperations;
import io.keelson.api.model.Vm;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.rules.HostId;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Drivers;
import io.keelson.host.Progress;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.UUID;

/** Takes a network card from a running VM. */
record UnplugVif(Store store, Drivers drivers, Ref<Vif> vif)
    implements Steps<UnplugVif.Plan, UnplugVif.Plan> {

  /** What is to be unplugged. */
  record Plan(UUID host, UUID vm, int device) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VifRules.check(tx, vif, VifOperations.UNPLUG);
    Vif record = tx.get(ApiModel.VIF, vif);
    Vm vm = tx.get(ApiModel.VM, record.vm());
    claims.add(ApiModel.VIF, vif, VifFields.CURRENT_OPERATIONS, VifOperations.UNPLUG);
    return new Plan(
        HostId.of(tx, vm.residentOn()),
        UUID.fromString(vm.uuid()),
        Integer.parseInt(record.device()));
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    try {
      drivers.compute().unplugNic(plan.host(), plan.vm(), plan.device());
    } catch (DriverException failure) {
      if (failure.reason() == Reason.REJECTED_BY_GUEST) {
        throw ApiErrors.deviceDetachRejected(
            "VIF", vif.text(), String.valueOf(failure.getMessage()));
      }
      throw failure;
    }
    drivers.network().detach(plan.host(), plan.vm(), plan.device());
    Snapshot state = store.snapshot();
    Vif record = state.get(ApiModel.VIF, vif);
    InternalNetwork.refresh(
        state,
        drivers.network(),
        record.network(),
        state.get(ApiModel.VM, record.vm()).residentOn(),
        other -> other.uuid().equals(record.uuid()));
    return plan;
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {
    tx.update(ApiModel.VIF, vif, v -> v.with(b -> b.currentlyAttached(false)));
  }
}

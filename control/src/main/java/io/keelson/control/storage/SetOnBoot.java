package io.keelson.control.storage;

import static io.keelson.control.rules.Refusals.raise;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnBoot;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiOperations;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Progress;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.Optional;
import java.util.UUID;

/**
 * Says whether a disk goes back at each start of its VM to what it holds now. A disk that ceases to
 * do so keeps what its last run has left.
 */
record SetOnBoot(StorageDrivers drivers, Ref<Vdi> vdi, OnBoot value)
    implements Steps<SetOnBoot.Plan, SetOnBoot.Plan> {

  record Plan(SrAccess at, UUID volume) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    checkHalted(tx, vdi);
    Vdi record = tx.get(ApiModel.VDI, vdi);
    raise(SrRules.feature(tx, record.sr(), Optional.of("VDI_RESET_ON_BOOT")));
    VdiRules.check(tx, vdi, VdiOperations.BLOCKED);
    claims.add(ApiModel.VDI, vdi, VdiFields.CURRENT_OPERATIONS, VdiOperations.BLOCKED);
    return new Plan(SrAccess.anywhere(tx, record.sr()), Volumes.id(record));
  }

  /**
   * Checks that no VM of which the disk is a part is doing anything with it.
   *
   * @throws io.keelson.api.ApiError VM_BAD_POWER_STATE
   */
  static void checkHalted(Snapshot state, Ref<Vdi> vdi) {
    for (Ref<Vbd> ref : state.get(ApiModel.VDI, vdi).vbds()) {
      Vbd vbd = state.get(ApiModel.VBD, ref);
      Vm vm = state.get(ApiModel.VM, vbd.vm());
      if (vm.powerState() != VmPowerState.HALTED) {
        throw VbdRules.badPower(vbd.vm(), "halted", vm);
      }
    }
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    return drivers.with(
        plan.at(),
        driver -> {
          // What it goes back to begins anew, also when it did so before.
          driver.persistVolume(plan.at().host(), plan.at().sr(), plan.volume());
          return plan;
        });
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {
    tx.update(ApiModel.VDI, vdi, v -> v.with(b -> b.onBoot(value)));
  }
}

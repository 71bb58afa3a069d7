package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdFields;
import io.keelson.api.model.VbdOperations;
import io.keelson.api.model.Vm;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Compute;
import io.keelson.host.DiskSpec;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;

/** Gives a running VM a drive. */
record PlugVbd(VmDisks disks, Compute compute, Ref<Vbd> vbd)
    implements Steps<PlugVbd.Plan, DiskSpec> {

  /** What is to be plugged. */
  record Plan(RunningVm vm, Drive drive) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VbdRules.check(tx, vbd, VbdOperations.PLUG);
    Ref<Vm> vm = tx.get(ApiModel.VBD, vbd).vm();
    claims.add(ApiModel.VBD, vbd, VbdFields.CURRENT_OPERATIONS, VbdOperations.PLUG);
    return new Plan(
        RunningVm.of(tx, vm).orElseThrow(),
        VmDisks.drive(tx, vm, vbd, tx.get(ApiModel.VM, vm).residentOn()));
  }

  @Override
  public DiskSpec act(Plan plan, Progress progress) {
    DiskSpec spec = disks.spec(plan.drive());
    compute.plugDisk(plan.vm().host(), plan.vm().vm(), spec);
    return spec;
  }

  @Override
  public void settle(Transaction tx, Plan plan, DiskSpec spec) {
    tx.update(ApiModel.VBD, vbd, v -> v.with(b -> b.currentlyAttached(true)));
  }
}

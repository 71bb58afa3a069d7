package io.keelson.control.vm.snapshot;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.storage.SnapshotVdis;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.time.Instant;

/**
 * Freezes what is on a VM's disks, all of it at one instant, and its settings as a new snapshot.
 *
 * @param name of the snapshot
 * @param time that the snapshot says it is of
 */
record SnapshotSteps(SnapshotVdis disks, Ref<Vm> vm, String name, Instant time)
    implements Steps<SnapshotSteps.Plan, SnapshotSteps.Outcome> {

  /**
   * What is frozen.
   *
   * @param source the VM as it is now
   */
  record Plan(Ref<Vm> snapshot, Vm source, VmDevices devices, SnapshotVdis.Plan disks) {}

  /** The snapshot, and its disks before they are written down. */
  record Outcome(Ref<Vm> snapshot, SnapshotVdis.Made disks) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VmRules.check(tx, vm, VmOperations.SNAPSHOT);
    Vm source = tx.get(ApiModel.VM, vm);
    VmDevices devices = VmDevices.of(tx, source);
    SnapshotVdis.Plan plan = disks.claim(tx, claims, devices.disks());
    claims.add(ApiModel.VM, vm, VmFields.CURRENT_OPERATIONS, VmOperations.SNAPSHOT);
    return new Plan(Ref.fresh(), source, devices, plan);
  }

  @Override
  public Outcome act(Plan plan, Progress progress) {
    return new Outcome(plan.snapshot(), disks.act(plan.disks(), progress));
  }

  @Override
  public void settle(Transaction tx, Plan plan, Outcome outcome) {
    var snapshots = SnapshotVdis.settle(tx, outcome.disks());
    SnapshotRecords.create(tx, plan.snapshot(), vm, plan.source(), name, time);
    plan.devices().give(tx, plan.snapshot(), snapshots);
  }
}

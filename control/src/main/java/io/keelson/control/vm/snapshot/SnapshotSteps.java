package io.keelson.control.vm.snapshot;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.storage.SnapshotVdis;
import io.keelson.control.vm.guest.Quiescing;
import io.keelson.control.vm.power.Placed;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.control.vm.tpm.TpmCopy;
import io.keelson.control.vm.tpm.TpmStates;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.time.Instant;
import java.util.Optional;

/**
 * Freezes what is on a VM's disks, all of it at one instant, and its settings as a new snapshot.
 *
 * @param quiescing how the guest is brought to hold still; empty leaves it alone
 * @param name of the snapshot
 * @param time that the snapshot says it is of
 */
record SnapshotSteps(
    SnapshotVdis disks,
    TpmStates tpms,
    Optional<Quiescing> quiescing,
    Ref<Vm> vm,
    String name,
    Instant time)
    implements Steps<SnapshotSteps.Plan, SnapshotSteps.Outcome> {

  /**
   * What is frozen.
   *
   * @param source the VM as it is now
   * @param placed where it runs, if it does
   */
  record Plan(
      Ref<Vm> snapshot,
      Vm source,
      VmDevices devices,
      SnapshotVdis.Plan disks,
      Optional<Placed> placed) {}

  /** The snapshot, and its disks before they are written down. */
  record Outcome(Ref<Vm> snapshot, SnapshotVdis.Made disks) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VmRules.check(tx, vm, operation());
    Vm source = tx.get(ApiModel.VM, vm);
    VmDevices devices = VmDevices.of(tx, source);
    SnapshotVdis.Plan plan = disks.claim(tx, claims, devices.disks());
    claims.add(ApiModel.VM, vm, VmFields.CURRENT_OPERATIONS, operation());
    return new Plan(Ref.fresh(), source, devices, plan, Placed.of(tx, vm));
  }

  private VmOperations operation() {
    return quiescing.isPresent() ? VmOperations.SNAPSHOT_WITH_QUIESCE : VmOperations.SNAPSHOT;
  }

  @Override
  public Outcome act(Plan plan, Progress progress) {
    Optional<TpmCopy> tpm = plan.devices().tpm();
    try {
      tpm.ifPresent(tpms::copy);
      return new Outcome(plan.snapshot(), disks.act(plan.disks(), progress, instant(plan)));
    } catch (RuntimeException failure) {
      tpm.ifPresent(tpms::drop);
      throw failure;
    }
  }

  /** The guest holds still only while its disks are switched. */
  private SnapshotVdis.Instant instant(Plan plan) {
    if (quiescing.isEmpty()) {
      return disks::switchOver;
    }
    Placed placed = plan.placed().orElseThrow();
    return overlays ->
        quiescing
            .get()
            .during(vm, placed.hostId(), placed.vmId(), () -> disks.switchOver(overlays));
  }

  @Override
  public void settle(Transaction tx, Plan plan, Outcome outcome) {
    var snapshots = SnapshotVdis.settle(tx, outcome.disks());
    SnapshotRecords.create(
        tx,
        plan.snapshot(),
        vm,
        plan.source(),
        new SnapshotRecords.Label(name, time, quiescing.isPresent()));
    plan.devices().give(tx, plan.snapshot(), snapshots);
  }
}

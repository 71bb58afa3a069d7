package io.keelson.control.vm.snapshot;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.storage.SnapshotVdis;
import io.keelson.control.storage.SnapshotVdis.Writer;
import io.keelson.control.vm.power.MemoryImages;
import io.keelson.control.vm.power.Placed;
import io.keelson.control.vm.power.SuspendedMachine;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.control.vm.tpm.TpmCopy;
import io.keelson.control.vm.tpm.TpmStates;
import io.keelson.host.Compute;
import io.keelson.host.DiskSource;
import io.keelson.host.Domain;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Freezes what is in a VM's memory and on its disks, all of it at one instant, as a new snapshot
 * that is suspended. The VM goes on as it was.
 *
 * @param name of the snapshot
 * @param time that the snapshot says it is of
 */
record CheckpointSteps(Parts parts, SnapshotVdis disks, Ref<Vm> vm, String name, Instant time)
    implements Steps<CheckpointSteps.Plan, CheckpointSteps.Outcome> {

  /** What a checkpoint works with. */
  record Parts(Compute compute, MemoryImages images, TpmStates tpms, Store store) {}

  /**
   * What is frozen.
   *
   * @param source the VM as it is now
   * @param placed where it runs; empty when it is suspended
   */
  record Plan(
      Ref<Vm> snapshot,
      Vm source,
      SuspendedMachine machine,
      VmDevices devices,
      SnapshotVdis.Plan disks,
      Optional<Placed> placed,
      MemoryImages.Plan image) {}

  /** The snapshot, and its disks before they are written down. */
  record Outcome(Ref<Vm> snapshot, SnapshotVdis.Made disks) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VmRules.check(tx, vm, VmOperations.CHECKPOINT);
    Vm source = tx.get(ApiModel.VM, vm);
    VmDevices devices = VmDevices.of(tx, source);
    SnapshotVdis.Plan plan = disks.claim(tx, claims, devices.disks());
    Optional<Placed> placed = Placed.of(tx, vm);
    MemoryImages.Plan image =
        placed.isPresent()
            ? MemoryImages.claim(tx, claims, vm, placed.get().host())
            : MemoryImages.claimCopy(tx, claims, vm, source, Optional.empty())
                .orElseThrow(
                    () -> ApiErrors.vdiMissing(Ref.none().text(), source.suspendVdi().text()));
    claims.add(ApiModel.VM, vm, VmFields.CURRENT_OPERATIONS, VmOperations.CHECKPOINT);
    SuspendedMachine machine = SuspendedMachine.of(tx, source);
    return new Plan(Ref.fresh(), source, machine, devices, plan, placed, image);
  }

  @Override
  public Outcome act(Plan plan, Progress progress) {
    Optional<TpmCopy> tpm = plan.devices().tpm();
    try {
      tpm.ifPresent(parts.tpms()::copy);
      SnapshotVdis.Made made =
          plan.placed().isPresent()
              ? live(plan, plan.placed().get(), progress)
              : suspended(plan, progress);
      return new Outcome(plan.snapshot(), made);
    } catch (RuntimeException failure) {
      tpm.ifPresent(parts.tpms()::drop);
      parts.images().drop(parts.store().snapshot(), plan.image());
      throw failure;
    }
  }

  private SnapshotVdis.Made suspended(Plan plan, Progress progress) {
    try {
      parts.images().copy(plan.image(), progress);
    } catch (DriverException e) {
      throw told(plan, e, Optional.empty());
    }
    return disks.act(plan.disks(), Progress.NONE);
  }

  private SnapshotVdis.Made live(Plan plan, Placed placed, Progress progress) {
    Writer self = new Writer(placed.hostId(), placed.vmId());
    Optional<Domain.State> before = state(placed);
    try {
      Path file = parts.images().create(plan.image());
      return disks.act(
          plan.disks(),
          Progress.NONE,
          overlays -> {
            Map<Writer, Map<Integer, DiskSource>> others = new LinkedHashMap<>(overlays);
            Map<Integer, DiskSource> own =
                Optional.ofNullable(others.remove(self)).orElse(Map.of());
            disks.switchOver(others);
            parts.compute().checkpoint(self.host(), self.vm(), file, own, progress);
          });
    } catch (DriverException e) {
      throw told(plan, e, before.filter(state -> !state(placed).equals(before)));
    }
  }

  private Optional<Domain.State> state(Placed placed) {
    return parts.compute().find(placed.hostId(), placed.vmId()).map(Domain::state);
  }

  /**
   * @param stuck how the VM stood, if it does not any more
   */
  private RuntimeException told(Plan plan, DriverException e, Optional<Domain.State> stuck) {
    if (e.reason() == Reason.CANCELLED) {
      return e;
    }
    if (e.reason() == Reason.NO_SPACE) {
      return parts.images().full(plan.image());
    }
    return stuck.isPresent()
        ? ApiErrors.vmCheckpointResumeFailed(vm.text())
        : ApiErrors.vmCheckpointSuspendFailed(vm.text());
  }

  @Override
  public void settle(Transaction tx, Plan plan, Outcome outcome) {
    var snapshots = SnapshotVdis.settle(tx, outcome.disks());
    SnapshotRecords.create(
        tx, plan.snapshot(), vm, plan.source(), new SnapshotRecords.Label(name, time, false));
    plan.devices().give(tx, plan.snapshot(), snapshots);
    plan.machine().write(tx, plan.snapshot(), plan.image().made());
  }

  @Override
  public void undo(Transaction tx, Plan plan, ApiError error) {
    MemoryImages.forget(tx, plan.image());
  }
}

package io.keelson.control.vm.snapshot;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdFields;
import io.keelson.api.model.VbdOperations;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifFields;
import io.keelson.api.model.VifOperations;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.rules.Refusals;
import io.keelson.control.vm.power.MemoryImages;
import io.keelson.control.vm.power.PowerStates;
import io.keelson.control.vm.power.SuspendImages;
import io.keelson.control.vm.power.SuspendedMachine;
import io.keelson.control.vm.power.VmPower;
import io.keelson.control.vm.provision.DiskWork;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.control.vm.tpm.TpmStates;
import io.keelson.host.Progress;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts a VM back into the state that a snapshot froze. The snapshot's disks are copied first, so
 * that a failure leaves the VM as it was, running or not; all records change at once. A VM whose
 * snapshot has its memory, too, is suspended afterwards.
 */
record RevertSteps(Parts parts, Ref<Vm> snapshot)
    implements Steps<RevertSteps.Plan, RevertSteps.Outcome> {

  /** What a revert works with. */
  record Parts(
      DiskWork.Parts disks,
      VmPower power,
      PowerStates states,
      MemoryImages images,
      TpmStates tpms,
      Store store) {}

  /**
   * What is reverted.
   *
   * @param frozen the snapshot's disks, in the order of the work
   * @param replaced the VM's disks that those are snapshots of
   * @param image what the VM's memory becomes, if the snapshot has one
   * @param machine that goes with that memory
   */
  record Plan(
      Ref<Vm> vm,
      VmDevices devices,
      List<Ref<Vdi>> frozen,
      List<Ref<Vdi>> replaced,
      DiskWork work,
      Optional<MemoryImages.Plan> image,
      SuspendedMachine machine) {}

  /**
   * The copies before they are written down.
   *
   * @param replaced disks that the VM had, and whose place the copies take
   */
  record Outcome(DiskWork.Made copies, List<Ref<Vdi>> replaced) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VmRules.check(tx, snapshot, VmOperations.REVERT);
    Ref<Vm> vm = tx.get(ApiModel.VM, snapshot).snapshotOf();
    if (tx.find(ApiModel.VM, vm).isEmpty()) {
      throw ApiErrors.vmRevertFailed(vm.text(), snapshot.text());
    }
    VmRules.check(tx, vm, VmOperations.REVERTING);
    VmDevices devices = VmDevices.of(tx, tx.get(ApiModel.VM, snapshot));
    List<Ref<Vdi>> frozen = devices.disks();
    List<Ref<Vdi>> had = VmDevices.of(tx, tx.get(ApiModel.VM, vm)).disks();
    List<Ref<Vdi>> replaced =
        frozen.stream()
            .map(vdi -> tx.get(ApiModel.VDI, vdi).snapshotOf())
            .filter(had::contains)
            .toList();
    DiskWork work = new DiskWork();
    frozen.forEach(vdi -> work.addClone(tx, claims, parts.disks(), vdi));
    claims.add(ApiModel.VM, snapshot, VmFields.CURRENT_OPERATIONS, VmOperations.REVERT);
    claims.add(ApiModel.VM, vm, VmFields.CURRENT_OPERATIONS, VmOperations.REVERTING);
    tx.get(ApiModel.VM, vm).vbds().forEach(vbd -> drive(tx, claims, vbd));
    tx.get(ApiModel.VM, vm).vifs().forEach(vif -> card(tx, claims, vif));
    Vm then = tx.get(ApiModel.VM, snapshot);
    Optional<MemoryImages.Plan> image =
        MemoryImages.claimCopy(tx, claims, vm, then, Optional.empty());
    SuspendedMachine machine = SuspendedMachine.of(tx, then);
    return new Plan(vm, devices, frozen, replaced, work, image, machine);
  }

  /** Nobody else may work on a drive that is about to go. */
  private static void drive(Transaction tx, Claims claims, Ref<Vbd> ref) {
    for (var work : tx.get(ApiModel.VBD, ref).currentOperations().entrySet()) {
      throw Refusals.inProgress("VBD", ref, work.getValue().text(), work.getKey());
    }
    claims.add(ApiModel.VBD, ref, VbdFields.CURRENT_OPERATIONS, VbdOperations.UNPLUG);
  }

  private static void card(Transaction tx, Claims claims, Ref<Vif> ref) {
    for (var work : tx.get(ApiModel.VIF, ref).currentOperations().entrySet()) {
      throw Refusals.inProgress("VIF", ref, work.getValue().text(), work.getKey());
    }
    claims.add(ApiModel.VIF, ref, VifFields.CURRENT_OPERATIONS, VifOperations.UNPLUG);
  }

  @Override
  public Outcome act(Plan plan, Progress progress) {
    DiskWork.Made copies = plan.work().make(progress);
    try {
      plan.image().ifPresent(image -> parts.images().copy(image, progress));
      plan.devices().tpm().ifPresent(parts.tpms()::copy);
      parts.power().end(plan.vm());
    } catch (RuntimeException failure) {
      plan.image().ifPresent(image -> parts.images().drop(parts.store().snapshot(), image));
      plan.devices().tpm().ifPresent(parts.tpms()::drop);
      copies.revert();
      throw failure;
    }
    return new Outcome(copies, plan.replaced());
  }

  @Override
  public void settle(Transaction tx, Plan plan, Outcome outcome) {
    List<Ref<Vdi>> copies = outcome.copies().settle(tx);
    Map<Ref<Vdi>, Ref<Vdi>> copyOf = new HashMap<>();
    for (int i = 0; i < copies.size(); i++) {
      copyOf.put(plan.frozen().get(i), copies.get(i));
      succeed(tx, plan.frozen().get(i), copies.get(i));
    }
    parts.states().halted(tx, plan.vm());
    SuspendImages.forget(tx, plan.vm());
    VmDevices.takeAll(tx, plan.vm());
    SnapshotRecords.restore(tx, plan.vm(), snapshot);
    plan.devices().give(tx, plan.vm(), copyOf);
    plan.image().ifPresent(image -> plan.machine().write(tx, plan.vm(), image.made()));
  }

  @Override
  public void undo(Transaction tx, Plan plan, ApiError error) {
    plan.image().ifPresent(image -> MemoryImages.forget(tx, image));
  }

  /** The snapshots of the disk that the VM had are those of the one that takes its place. */
  private static void succeed(Transaction tx, Ref<Vdi> frozen, Ref<Vdi> copy) {
    Ref<Vdi> before = tx.get(ApiModel.VDI, frozen).snapshotOf();
    tx.find(ApiModel.VDI, before)
        .ifPresent(vdi ->
            vdi.snapshots()
                .forEach(s -> tx.update(ApiModel.VDI, s, v -> v.with(b -> b.snapshotOf(copy)))));
    if (tx.find(ApiModel.VDI, before).isEmpty()) {
      tx.update(ApiModel.VDI, frozen, v -> v.with(b -> b.snapshotOf(copy)));
    }
  }
}

package io.keelson.control.vm.provision;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdType;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.gpu.VgpuRecords;
import io.keelson.control.network.VifRecords;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.storage.CopyVdi;
import io.keelson.control.storage.VbdRecords;
import io.keelson.control.vm.power.MemoryImages;
import io.keelson.control.vm.power.SuspendedMachine;
import io.keelson.control.vm.power.VmAlerts;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.control.vm.tpm.TpmCopy;
import io.keelson.control.vm.tpm.TpmStates;
import io.keelson.host.Progress;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a VM from another, with disks of its own: sharing unchanged blocks where storage can, or
 * full copies.
 *
 * @param full whether all of the disks is copied
 * @param target repository for the copies; empty leaves each where its original is
 */
record CopySteps(Parts parts, Ref<Vm> source, String name, boolean full, Optional<Ref<Sr>> target)
    implements Steps<CopySteps.Plan, CopySteps.Outcome> {

  /** What a copy is made with. */
  record Parts(
      DiskWork.Parts disks, MemoryImages images, TpmStates tpms, Store store, VmAlerts alerts) {}

  /**
   * What is copied.
   *
   * @param drives those of the original; one that it gets meanwhile is not the copy's
   * @param originals the disks that are copied, in the order of the work
   * @param image what the copy's memory becomes, if the original is suspended
   * @param machine that goes with that memory
   * @param tpm what the copy has for the original's
   */
  record Plan(
      Set<Ref<Vbd>> drives,
      List<Ref<Vdi>> originals,
      DiskWork work,
      Ref<Vm> copy,
      Optional<MemoryImages.Plan> image,
      SuspendedMachine machine,
      Optional<TpmCopy> tpm) {}

  /** The new VM, and its disks before they are written down. */
  record Outcome(Ref<Vm> vm, DiskWork.Made disks) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VmRules.check(tx, source, operation());
    List<Ref<Vdi>> originals =
        tx.get(ApiModel.VM, source).vbds().stream()
            .map(vbd -> tx.get(ApiModel.VBD, vbd))
            .filter(vbd -> vbd.type() == VbdType.DISK && !vbd.empty() && !vbd.vdi().isNull())
            .map(Vbd::vdi)
            .distinct()
            .toList();
    DiskWork work = new DiskWork();
    originals.forEach(vdi -> add(tx, claims, work, vdi));
    claims.add(ApiModel.VM, source, VmFields.CURRENT_OPERATIONS, operation());
    Vm original = tx.get(ApiModel.VM, source);
    Optional<MemoryImages.Plan> image =
        MemoryImages.claimCopy(tx, claims, source, original, target);
    return new Plan(
        original.vbds(),
        originals,
        work,
        Ref.fresh(),
        image,
        SuspendedMachine.of(tx, original),
        TpmCopy.of(tx, original));
  }

  VmOperations operation() {
    return full ? VmOperations.COPY : VmOperations.CLONE;
  }

  private void add(Transaction tx, Claims claims, DiskWork work, Ref<Vdi> vdi) {
    if (!full) {
      work.addClone(tx, claims, parts.disks(), vdi);
      return;
    }
    Ref<Sr> sr = target.orElseGet(() -> tx.get(ApiModel.VDI, vdi).sr());
    work.add(tx, claims, new CopyVdi(parts.disks().drivers(), vdi, sr));
  }

  @Override
  public Outcome act(Plan plan, Progress progress) {
    DiskWork.Made disks = plan.work().make(progress);
    try {
      plan.image().ifPresent(image -> parts.images().copy(image, progress));
      plan.tpm().ifPresent(parts.tpms()::copy);
      return new Outcome(plan.copy(), disks);
    } catch (RuntimeException failure) {
      plan.image().ifPresent(image -> parts.images().drop(parts.store().snapshot(), image));
      plan.tpm().ifPresent(parts.tpms()::drop);
      disks.revert();
      throw failure;
    }
  }

  @Override
  public void undo(Transaction tx, Plan plan, ApiError error) {
    plan.image().ifPresent(image -> MemoryImages.forget(tx, image));
  }

  @Override
  public void settle(Transaction tx, Plan plan, Outcome outcome) {
    Vm original = tx.get(ApiModel.VM, source);
    List<Ref<Vdi>> copies = outcome.disks().settle(tx);
    Map<Ref<Vdi>, Ref<Vdi>> copyOf = new HashMap<>();
    for (int i = 0; i < copies.size(); i++) {
      copyOf.put(plan.originals().get(i), copies.get(i));
    }
    VmRecords.copy(
        tx,
        plan.copy(),
        original,
        name,
        parts.disks().clock().instant().truncatedTo(ChronoUnit.SECONDS));
    original.vbds().stream()
        .filter(plan.drives()::contains)
        .forEach(vbd -> drive(tx, tx.get(ApiModel.VBD, vbd), plan.copy(), copyOf));
    plan.tpm().ifPresent(tpm -> tpm.give(tx, plan.copy()));
    VgpuRecords.of(tx, original).forEach(vgpu -> VgpuRecords.give(tx, plan.copy(), vgpu));
    original.vifs().forEach(vif -> card(tx, tx.get(ApiModel.VIF, vif), plan.copy()));
    plan.image().ifPresent(image -> plan.machine().write(tx, plan.copy(), image.made()));
    parts.alerts().cloned(tx, source, plan.copy());
  }

  private static void drive(Transaction tx, Vbd vbd, Ref<Vm> copy, Map<Ref<Vdi>, Ref<Vdi>> copyOf) {
    VbdRecords.create(
        tx,
        vbd.with(b ->
            b.vm(copy)
                .vdi(copyOf.getOrDefault(vbd.vdi(), vbd.vdi()))
                .currentOperations(Map.of())
                .allowedOperations(ApiModel.VBD.blank().allowedOperations())));
  }

  /** A card of the copy has an address of its own. */
  private static void card(Transaction tx, Vif vif, Ref<Vm> copy) {
    VifRecords.create(
        tx,
        vif.with(
            b -> b.vm(copy).mac("").allowedOperations(ApiModel.VIF.blank().allowedOperations())));
  }
}

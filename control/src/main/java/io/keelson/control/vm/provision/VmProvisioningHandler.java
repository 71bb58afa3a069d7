package io.keelson.control.vm.provision;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.Type;
import io.keelson.api.messages.VmProvisioning;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.control.Resources;
import io.keelson.control.alert.Alerts;
import io.keelson.control.storage.StorageDrivers;
import io.keelson.control.storage.Turns;
import io.keelson.control.vm.power.CrashCores;
import io.keelson.control.vm.power.MemoryImages;
import io.keelson.control.vm.power.SuspendImages;
import io.keelson.control.vm.power.VmAlerts;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.control.vm.tpm.TpmStates;
import io.keelson.store.Snapshot;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** VM.create, VM.clone, VM.copy, VM.provision and VM.destroy. */
public final class VmProvisioningHandler implements VmProvisioning {
  private static final Type<Ref<Vm>> VM_REF = new Type.Reference<>("VM");

  private final Resources resources;
  private final DiskWork.Parts parts;
  private final CopySteps.Parts copies;
  private final Turns turns;
  private final SuspendImages images;
  private final CrashCores cores;
  private final TpmStates tpms;

  public VmProvisioningHandler(
      Resources resources, SuspendImages images, CrashCores cores, TpmStates tpms) {
    this.resources = resources;
    this.parts =
        new DiskWork.Parts(
            new StorageDrivers(resources.drivers().storages()),
            resources.drivers().compute(),
            resources.clock());
    this.copies =
        new CopySteps.Parts(
            parts,
            new MemoryImages(images),
            tpms,
            resources.store(),
            new VmAlerts(new Alerts(resources.clock())));
    this.turns = new Turns(resources.store());
    this.images = images;
    this.cores = cores;
    this.tpms = tpms;
  }

  @Override
  public Ref<Vm> create(Call call, Vm args) {
    return resources.store().transact(tx -> VmRecords.create(tx, args, now()));
  }

  @Override
  public void destroy(Call call, Ref<Vm> self) {
    VmRules.check(resources.store().snapshot(), self, VmOperations.DESTROY);
    cores.destroy(self);
    Snapshot before = resources.store().snapshot();
    Set<UUID> had = TpmStates.of(resources.store(), self);
    Ref<Vdi> image =
        resources
            .store()
            .transact(tx -> {
              VmRules.check(tx, self, VmOperations.DESTROY);
              Ref<Vdi> memory = tx.get(ApiModel.VM, self).suspendVdi();
              SuspendImages.forget(tx, self);
              VmRecords.delete(tx, self);
              return memory;
            });
    images.discard(before, image);
    tpms.forget(had);
  }

  @Override
  public Ref<Vm> clone(Call call, Ref<Vm> vm, String newName) {
    return copy(call, new CopySteps(copies, vm, newName, false, Optional.empty()));
  }

  @Override
  public Ref<Vm> copy(Call call, Ref<Vm> vm, String newName, Ref<Sr> sr) {
    if (!sr.isNull() && resources.store().snapshot().find(ApiModel.SR, sr).isEmpty()) {
      throw ApiErrors.handleInvalid(ApiModel.SR.name(), sr.text());
    }
    Optional<Ref<Sr>> target = sr.isNull() ? Optional.empty() : Optional.of(sr);
    return copy(call, new CopySteps(copies, vm, newName, true, target));
  }

  @Override
  public void provision(Call call, Ref<Vm> vm) {
    VmRules.check(resources.store().snapshot(), vm, VmOperations.PROVISION);
    turns.run(
        call, () -> resources.operations().run(call, new ProvisionSteps(parts.drivers(), vm)));
  }

  /** Disks that others work on are waited for, the VM itself is not. */
  private Ref<Vm> copy(Call call, CopySteps steps) {
    VmRules.check(resources.store().snapshot(), steps.source(), steps.operation());
    return turns.take(
        call, () -> resources.operations().run(call, VM_REF, steps, CopySteps.Outcome::vm));
  }

  private Instant now() {
    return resources.clock().instant().truncatedTo(ChronoUnit.SECONDS);
  }
}

package io.keelson.control.vm.snapshot;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.Type;
import io.keelson.api.messages.VdiProvisioning;
import io.keelson.api.messages.VmSnapshots;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.control.Resources;
import io.keelson.control.storage.DestroyVdi;
import io.keelson.control.storage.SnapshotVdis;
import io.keelson.control.storage.StorageDrivers;
import io.keelson.control.storage.Turns;
import io.keelson.control.vm.power.MemoryImages;
import io.keelson.control.vm.power.OwnCall;
import io.keelson.control.vm.power.SuspendImages;
import io.keelson.control.vm.power.VmPower;
import io.keelson.control.vm.provision.DiskWork;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.control.vm.tpm.TpmStates;
import io.keelson.store.Snapshot;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** VM.snapshot and VM.revert. */
public final class VmSnapshotsHandler implements VmSnapshots {
  private static final Logger LOG = LoggerFactory.getLogger(VmSnapshotsHandler.class);
  private static final Type<Ref<Vm>> VM_REF = new Type.Reference<>("VM");

  private final Resources resources;
  private final StorageDrivers drivers;
  private final SuspendImages images;
  private final RevertSteps.Parts parts;
  private final TpmStates tpms;
  private final Turns turns;

  public VmSnapshotsHandler(
      Resources resources, VmPower power, SuspendImages images, TpmStates tpms) {
    this.resources = resources;
    this.drivers = new StorageDrivers(resources.drivers().storages());
    this.images = images;
    this.tpms = tpms;
    this.parts =
        new RevertSteps.Parts(
            new DiskWork.Parts(drivers, resources.drivers().compute(), resources.clock()),
            power,
            power.states(),
            new MemoryImages(images),
            tpms,
            resources.store());
    this.turns = new Turns(resources.store());
  }

  /** Disks that others work on are waited for, the VM itself is not. */
  @Override
  public Ref<Vm> snapshot(Call call, Ref<Vm> vm, String newName) {
    VmRules.check(resources.store().snapshot(), vm, VmOperations.SNAPSHOT);
    return turns.take(
        call,
        () ->
            resources
                .operations()
                .run(call, VM_REF, steps(vm, newName), SnapshotSteps.Outcome::snapshot));
  }

  /** The snapshot and those of its disks are of one time. */
  private SnapshotSteps steps(Ref<Vm> vm, String name) {
    Instant now = resources.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    SnapshotVdis disks =
        new SnapshotVdis(drivers, resources.drivers().compute(), Clock.fixed(now, ZoneOffset.UTC));
    return new SnapshotSteps(disks, tpms, Optional.empty(), vm, name, now);
  }

  /**
   * The disks that the VM had leave with a second step each: what is interrupted in between leaves
   * disks that nothing uses, and loses none.
   */
  @Override
  public void revert(Call call, Ref<Vm> snapshot) {
    Snapshot before = resources.store().snapshot();
    VmRules.check(before, snapshot, VmOperations.REVERT);
    Ref<Vm> vm = before.get(ApiModel.VM, snapshot).snapshotOf();
    if (before.find(ApiModel.VM, vm).isPresent()) {
      VmRules.check(before, vm, VmOperations.REVERTING);
    }
    List<Ref<Vdi>> replaced =
        turns.take(
            call,
            () -> {
              Snapshot now = resources.store().snapshot();
              Set<UUID> had = TpmStates.of(resources.store(), vm);
              var done = resources.operations().run(call, new RevertSteps(parts, snapshot));
              now.find(ApiModel.VM, vm).ifPresent(v -> images.discard(now, v.suspendVdi()));
              tpms.forget(had);
              return done.replaced();
            });
    replaced.forEach(this::destroy);
  }

  /** Destroys a disk that its VM has no more, unless another VM has it. */
  private void destroy(Ref<Vdi> vdi) {
    var record = resources.store().snapshot().find(ApiModel.VDI, vdi);
    if (record.isEmpty() || !record.get().vbds().isEmpty()) {
      return;
    }
    OwnCall call = new OwnCall(VdiProvisioning.Specs.DESTROY, Ref.fresh());
    try {
      turns.run(call, () -> resources.operations().run(call, new DestroyVdi(drivers, vdi)));
    } catch (ApiError refused) {
      LOG.warn("disk {}, which nothing uses any more, stays: {}", vdi, refused.getMessage());
    }
  }
}

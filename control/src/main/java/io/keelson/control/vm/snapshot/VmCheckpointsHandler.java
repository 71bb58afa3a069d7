package io.keelson.control.vm.snapshot;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.Type;
import io.keelson.api.messages.VmCheckpoints;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.control.Resources;
import io.keelson.control.storage.SnapshotVdis;
import io.keelson.control.storage.StorageDrivers;
import io.keelson.control.storage.Turns;
import io.keelson.control.vm.guest.Quiescing;
import io.keelson.control.vm.power.MemoryImages;
import io.keelson.control.vm.power.SuspendImages;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.control.vm.tpm.TpmStates;
import io.keelson.host.Compute;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** VM.checkpoint and VM.snapshot_with_quiesce. */
public final class VmCheckpointsHandler implements VmCheckpoints {
  private static final Type<Ref<Vm>> VM_REF = new Type.Reference<>("VM");

  private final Resources resources;
  private final StorageDrivers drivers;
  private final CheckpointSteps.Parts parts;
  private final Turns turns;

  public VmCheckpointsHandler(Resources resources, SuspendImages images, TpmStates tpms) {
    this.resources = resources;
    this.drivers = new StorageDrivers(resources.drivers().storages());
    this.parts =
        new CheckpointSteps.Parts(
            resources.drivers().compute(), new MemoryImages(images), tpms, resources.store());
    this.turns = new Turns(resources.store());
  }

  @Override
  public Ref<Vm> checkpoint(Call call, Ref<Vm> vm, String newName) {
    VmRules.check(resources.store().snapshot(), vm, VmOperations.CHECKPOINT);
    return turns.take(
        call,
        () -> {
          Instant now = now();
          var steps = new CheckpointSteps(parts, disks(now), vm, newName, now);
          return resources.operations().run(call, VM_REF, steps, CheckpointSteps.Outcome::snapshot);
        });
  }

  @Override
  public Ref<Vm> snapshotWithQuiesce(Call call, Ref<Vm> vm, String newName) {
    VmRules.check(resources.store().snapshot(), vm, VmOperations.SNAPSHOT_WITH_QUIESCE);
    Quiescing quiescing = new Quiescing(parts.compute());
    return turns.take(
        call,
        () -> {
          Instant now = now();
          var steps =
              new SnapshotSteps(disks(now), parts.tpms(), Optional.of(quiescing), vm, newName, now);
          return resources.operations().run(call, VM_REF, steps, SnapshotSteps.Outcome::snapshot);
        });
  }

  /** The snapshots of the disks say the same time. */
  private SnapshotVdis disks(Instant now) {
    Compute compute = parts.compute();
    return new SnapshotVdis(drivers, compute, Clock.fixed(now, ZoneOffset.UTC));
  }

  private Instant now() {
    return resources.clock().instant().truncatedTo(ChronoUnit.SECONDS);
  }
}

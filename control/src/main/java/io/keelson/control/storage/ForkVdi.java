package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdFields;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.VbdOperations;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiOperations;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.operation.Claims;
import io.keelson.host.Compute;
import io.keelson.host.Progress;
import io.keelson.host.Storage.Fork;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes a disk that holds what another holds at this instant and shares unchanged blocks with it: a
 * clone, or a snapshot. A running VM goes on writing to the original meanwhile.
 */
public record ForkVdi(
    StorageDrivers drivers, Compute compute, Clock clock, Ref<Vdi> source, Kind kind)
    implements VdiWork<ForkVdi.Plan> {

  /** What the new disk is. */
  public enum Kind {
    /** A disk of its own. */
    CLONE(VdiOperations.CLONE, StorageOperations.VDI_CLONE),
    /** What the original held at a time. */
    SNAPSHOT(VdiOperations.SNAPSHOT, StorageOperations.VDI_SNAPSHOT);

    private final VdiOperations onDisk;
    private final StorageOperations onRepository;

    Kind(VdiOperations onDisk, StorageOperations onRepository) {
      this.onDisk = onDisk;
      this.onRepository = onRepository;
    }
  }

  /** What is to be forked. */
  public record Plan(
      SrAccess at, UUID volume, Ref<Vdi> copy, UUID copyVolume, Optional<Writer> writer) {}

  /** The running VM that writes the disk, and by which drive. */
  public record Writer(UUID host, UUID vm, int device) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VdiRules.check(tx, source, kind.onDisk);
    Vdi record = tx.get(ApiModel.VDI, source);
    SrRules.check(tx, record.sr(), kind.onRepository);
    claims.add(ApiModel.VDI, source, VdiFields.CURRENT_OPERATIONS, kind.onDisk);
    claims.add(ApiModel.SR, record.sr(), SrFields.CURRENT_OPERATIONS, kind.onRepository);
    Optional<Ref<Vbd>> drive = writing(tx, record);
    drive.ifPresent(
        vbd -> claims.add(ApiModel.VBD, vbd, VbdFields.CURRENT_OPERATIONS, VbdOperations.PAUSE));
    Optional<Vm> vm =
        drive.map(vbd -> tx.get(ApiModel.VM, tx.get(ApiModel.VBD, vbd).vm())).filter(this::runs);
    SrAccess at =
        vm.flatMap(v -> SrAccess.from(tx, record.sr(), v.residentOn()))
            .orElseGet(() -> SrAccess.anywhere(tx, record.sr()));
    Optional<Writer> writer =
        vm.map(
            v -> new Writer(at.host(), UUID.fromString(v.uuid()), device(tx, drive.orElseThrow())));
    return new Plan(
        at, Volumes.id(record), Ref.fresh(), copyVolume(claims.task().text(), record), writer);
  }

  @Override
  public MadeVdi act(Plan plan, Progress progress) {
    Fork fork = fork(plan);
    try {
      plan.writer()
          .ifPresent(w -> compute.switchDisk(w.host(), w.vm(), w.device(), fork.rebased()));
      return made(plan, fork);
    } catch (RuntimeException failure) {
      undoFork(plan);
      throw failure;
    }
  }

  /** Forks the volume. While a VM writes it, the fork counts once that VM is switched over. */
  Fork fork(Plan plan) {
    SrAccess at = plan.at();
    boolean live = plan.writer().isPresent();
    return drivers.with(
        at, driver -> driver.fork(at.host(), at.sr(), plan.volume(), plan.copyVolume(), live));
  }

  /** What came of a fork that counts. */
  MadeVdi made(Plan plan, Fork fork) {
    return new MadeVdi(plan.copy(), fork.copy(), drivers.space(plan.at()));
  }

  @Override
  public void settle(Transaction tx, Plan plan, MadeVdi made) {
    Vdi original = tx.get(ApiModel.VDI, source);
    boolean snapshot = kind == Kind.SNAPSHOT;
    Vdi copy =
        original.with(b -> {
          b.uuid(plan.copyVolume().toString())
              .allowedOperations(VdiFields.API_CLASS.blank().allowedOperations())
              .currentOperations(Map.of())
              .managed(true)
              .metadataLatest(false)
              .smConfig(Map.copyOf(ChainRecords.without(original.smConfig())))
              .isASnapshot(snapshot)
              .snapshotOf(snapshot ? source : Ref.none())
              .vbds(VdiFields.API_CLASS.blank().vbds())
              .snapshots(VdiFields.API_CLASS.blank().snapshots())
              .crashDumps(VdiFields.API_CLASS.blank().crashDumps());
          b.snapshotTime(
              snapshot
                  ? clock.instant().truncatedTo(ChronoUnit.SECONDS)
                  : VdiFields.API_CLASS.blank().snapshotTime());
        });
    tx.create(ApiModel.VDI, plan.copy(), Volumes.described(copy, made.volume()));
    SrSpace.changed(tx, plan.at().ref(), made.space(), made.volume().virtualSize());
  }

  @Override
  public void revert(Plan plan, MadeVdi made) {
    undoFork(plan);
  }

  /**
   * The new volume's identity. It follows from the task and the original, so that a restart finds
   * what to undo in the original's current_operations.
   */
  static UUID copyVolume(String task, Vdi original) {
    String name = task + "/" + original.uuid();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  /** Undoes {@link #fork}, whether or not the VM was switched over. */
  void undoFork(Plan plan) {
    SrAccess at = plan.at();
    drivers.with(
        at,
        driver -> {
          driver.undoFork(at.host(), at.sr(), plan.volume(), plan.copyVolume());
          return plan;
        });
  }

  private static Optional<Ref<Vbd>> writing(Snapshot state, Vdi vdi) {
    return vdi.vbds().stream()
        .filter(ref -> state.get(ApiModel.VBD, ref).currentlyAttached())
        .filter(ref -> state.get(ApiModel.VBD, ref).mode() == VbdMode.RW)
        .findFirst();
  }

  private boolean runs(Vm vm) {
    return vm.powerState() == VmPowerState.RUNNING || vm.powerState() == VmPowerState.PAUSED;
  }

  private static int device(Snapshot state, Ref<Vbd> vbd) {
    return Integer.parseInt(state.get(ApiModel.VBD, vbd).userdevice());
  }
}

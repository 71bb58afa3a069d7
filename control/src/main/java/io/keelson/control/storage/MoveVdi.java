package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.VbdFields;
import io.keelson.api.model.VbdOperations;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Compute;
import io.keelson.host.DiskSource;
import io.keelson.host.Handover;
import io.keelson.host.Progress;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a disk to another repository, where it is a new disk that takes the place of the old one
 * everywhere. A VM that runs with it goes on writing: the records change at the instant at which
 * its writes do.
 */
record MoveVdi(
    Store store,
    Compute compute,
    StorageDrivers drivers,
    Ref<Vdi> source,
    Ref<Sr> target,
    Optional<Identity> identity)
    implements Steps<MoveVdi.Plan, MoveVdi.Done> {
  private static final Logger LOG = LoggerFactory.getLogger(MoveVdi.class);

  /** Who the disk is when it has arrived, for one that goes back to where it was. */
  record Identity(Ref<Vdi> ref, UUID volume) {}

  /**
   * What is moved.
   *
   * @param drive of the running VM that writes the disk
   */
  record Plan(
      SrAccess from,
      UUID volume,
      SrAccess to,
      Ref<Vdi> moved,
      UUID movedVolume,
      long size,
      Optional<DiskUsers.Drive> drive,
      Claims claims) {}

  record Done(Ref<Vdi> moved, Volume volume, StorageSpace from, StorageSpace to) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VdiRules.checkMove(tx, source);
    Vdi record = tx.get(ApiModel.VDI, source);
    SrRules.check(tx, target, StorageOperations.VDI_CREATE);
    SrRules.check(tx, record.sr(), StorageOperations.VDI_DESTROY);
    Optional<DiskUsers.Drive> drive = drive(tx);
    SrAccess from =
        drive.isPresent()
            ? from(tx, drive.get(), record.sr())
            : CopyVdi.reach(tx, record.sr(), target);
    drive.ifPresent(d -> from(tx, d, target));
    claims.add(ApiModel.VDI, source, VdiFields.CURRENT_OPERATIONS, VdiOperations.BLOCKED);
    claims.add(ApiModel.SR, target, SrFields.CURRENT_OPERATIONS, StorageOperations.VDI_CREATE);
    if (!target.equals(record.sr())) {
      claims.add(
          ApiModel.SR, record.sr(), SrFields.CURRENT_OPERATIONS, StorageOperations.VDI_DESTROY);
    }
    drive.ifPresent(
        d -> claims.add(ApiModel.VBD, d.vbd(), VbdFields.CURRENT_OPERATIONS, VbdOperations.PAUSE));
    return new Plan(
        from,
        Volumes.id(record),
        CopyVdi.across(tx, from, target),
        identity.map(Identity::ref).orElseGet(Ref::fresh),
        identity
            .map(Identity::volume)
            .orElseGet(() -> ForkVdi.copyVolume(claims.task().text(), record)),
        record.virtualSize(),
        drive,
        claims);
  }

  private Optional<DiskUsers.Drive> drive(Transaction tx) {
    List<DiskUsers.Drive> drives = DiskUsers.of(tx, List.of(source)).drives();
    if (drives.size() > 1 || drives.stream().anyMatch(d -> !d.writes())) {
      throw ApiErrors.vdiInUse(source.text(), "pool_migrate");
    }
    return drives.stream().findFirst();
  }

  private static SrAccess from(Transaction tx, DiskUsers.Drive drive, Ref<Sr> sr) {
    return SrAccess.from(tx, sr, tx.get(ApiModel.VM, drive.vm()).residentOn())
        .orElseThrow(() -> ApiErrors.vmRequiresSr(drive.vm().text(), sr.text()));
  }

  @Override
  public Done act(Plan plan, Progress progress) {
    AtomicBoolean moved = new AtomicBoolean();
    SrAccess to = plan.to();
    try {
      if (plan.drive().isPresent()) {
        live(plan, plan.drive().get(), moved, progress);
      } else {
        copy(plan, progress);
        store.change(tx -> swap(tx, plan));
        moved.set(true);
      }
    } catch (RuntimeException failure) {
      if (!moved.get()) {
        destroyQuietly(to, plan.movedVolume());
      }
      throw failure;
    }
    destroyQuietly(plan.from(), plan.volume());
    Volume volume =
        drivers.with(to, driver -> driver.describe(to.host(), to.sr(), plan.movedVolume()));
    return new Done(plan.moved(), volume, drivers.space(plan.from()), drivers.space(to));
  }

  private void live(Plan plan, DiskUsers.Drive drive, AtomicBoolean moved, Progress progress) {
    SrAccess to = plan.to();
    DiskSource place =
        drivers.with(
            to,
            plan.size(),
            driver -> {
              driver.createVolume(to.host(), to.sr(), plan.movedVolume(), plan.size());
              return driver.open(to.host(), to.sr(), plan.movedVolume(), false);
            });
    Handover handover =
        new Handover() {
          @Override
          public void commit() {
            store.change(tx -> swap(tx, plan));
            moved.set(true);
          }

          @Override
          public void rollback() {
            store.change(tx -> swapBack(tx, plan));
            moved.set(false);
          }
        };
    compute.moveDisk(drive.host(), drive.vmId(), drive.device(), place, handover, progress);
  }

  private void copy(Plan plan, Progress progress) {
    SrAccess from = plan.from();
    SrAccess to = plan.to();
    DiskSource bytes =
        drivers.with(from, driver -> driver.open(from.host(), from.sr(), plan.volume(), true));
    Volume _ =
        drivers.with(
            to,
            plan.size(),
            driver -> driver.copyVolume(to.host(), bytes, to.sr(), plan.movedVolume(), progress));
  }

  /** The new disk takes the old one's place; until the old volume is gone it says where that is. */
  private void swap(Transaction tx, Plan plan) {
    Vdi before = tx.get(ApiModel.VDI, source);
    Vdi blank = VdiFields.API_CLASS.blank();
    tx.create(
        ApiModel.VDI,
        plan.moved(),
        before.with(b ->
            b.uuid(plan.movedVolume().toString())
                .sr(target)
                .smConfig(Moved.from(before.smConfig(), plan.from().sr(), plan.volume()))
                .allowedOperations(blank.allowedOperations())
                .currentOperations(Map.of())
                .vbds(blank.vbds())
                .snapshots(blank.snapshots())
                .crashDumps(blank.crashDumps())));
    plan.claims()
        .in(tx)
        .add(ApiModel.VDI, plan.moved(), VdiFields.CURRENT_OPERATIONS, VdiOperations.BLOCKED);
    repoint(tx, source, plan.moved());
    DestroyVdi.deleteRecord(tx, source);
    SrSpace.grown(tx, plan.from().ref(), -before.virtualSize());
    SrSpace.grown(tx, target, before.virtualSize());
  }

  private void swapBack(Transaction tx, Plan plan) {
    Vdi after = tx.get(ApiModel.VDI, plan.moved());
    Vdi blank = VdiFields.API_CLASS.blank();
    tx.create(
        ApiModel.VDI,
        source,
        after.with(b ->
            b.uuid(plan.volume().toString())
                .sr(plan.from().ref())
                .smConfig(Moved.arrived(after.smConfig()))
                .vbds(blank.vbds())
                .snapshots(blank.snapshots())
                .crashDumps(blank.crashDumps())));
    repoint(tx, plan.moved(), source);
    DestroyVdi.deleteRecord(tx, plan.moved());
    SrSpace.grown(tx, target, -after.virtualSize());
    SrSpace.grown(tx, plan.from().ref(), after.virtualSize());
  }

  private static void repoint(Transaction tx, Ref<Vdi> from, Ref<Vdi> to) {
    Vdi vdi = tx.get(ApiModel.VDI, from);
    vdi.vbds().forEach(vbd -> tx.update(ApiModel.VBD, vbd, v -> v.with(b -> b.vdi(to))));
    vdi.snapshots().forEach(s -> tx.update(ApiModel.VDI, s, v -> v.with(b -> b.snapshotOf(to))));
    vdi.crashDumps().forEach(d -> tx.update(ApiModel.CRASHDUMP, d, c -> c.with(b -> b.vdi(to))));
  }

  private void destroyQuietly(SrAccess at, UUID volume) {
    try {
      drivers.destroy(at, volume);
    } catch (RuntimeException e) {
      LOG.warn("volume {} stays in {}, needed by nobody", volume, at.sr(), e);
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, Done done) {
    long before = tx.get(ApiModel.VDI, plan.moved()).virtualSize();
    tx.update(
        ApiModel.VDI,
        plan.moved(),
        v ->
            Volumes.described(v, done.volume()).with(b -> b.smConfig(Moved.arrived(v.smConfig()))));
    SrSpace.changed(tx, plan.from().ref(), done.from(), 0);
    SrSpace.changed(tx, target, done.to(), done.volume().virtualSize() - before);
  }
}

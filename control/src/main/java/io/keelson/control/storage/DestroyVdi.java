package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pool;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Progress;
import io.keelson.host.StorageSpace;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import java.util.UUID;
import java.util.stream.Collectors;

/** Destroys a disk: its volume and its record; drives that hold it are destroyed or emptied. */
public record DestroyVdi(StorageDrivers drivers, Ref<Vdi> vdi)
    implements Steps<DestroyVdi.Plan, StorageSpace> {

  /** What is to be destroyed. */
  public record Plan(SrAccess at, UUID volume) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VdiRules.check(tx, vdi, VdiOperations.DESTROY);
    Vdi record = tx.get(ApiModel.VDI, vdi);
    SrRules.check(tx, record.sr(), StorageOperations.VDI_DESTROY);
    claims.add(ApiModel.VDI, vdi, VdiFields.CURRENT_OPERATIONS, VdiOperations.DESTROY);
    claims.add(
        ApiModel.SR, record.sr(), SrFields.CURRENT_OPERATIONS, StorageOperations.VDI_DESTROY);
    return new Plan(SrAccess.anywhere(tx, record.sr()), Volumes.id(record));
  }

  @Override
  public StorageSpace act(Plan plan, Progress progress) {
    drivers.destroy(plan.at(), plan.volume());
    return drivers.space(plan.at());
  }

  @Override
  public void settle(Transaction tx, Plan plan, StorageSpace space) {
    long size = tx.get(ApiModel.VDI, vdi).virtualSize();
    deleteRecord(tx, vdi);
    SrSpace.changed(tx, plan.at().ref(), space, -size);
  }

  /** Whether drives or snapshots refer to the disk. */
  static boolean referred(Transaction tx, Ref<Vdi> ref) {
    Vdi vdi = tx.get(ApiModel.VDI, ref);
    return !vdi.vbds().isEmpty() || !vdi.snapshots().isEmpty() || !vdi.crashDumps().isEmpty();
  }

  /**
   * Deletes the record of a disk, and lets go of it what refers to it: a CD drive is emptied, a
   * disk drive destroyed.
   */
  static void deleteRecord(Transaction tx, Ref<Vdi> ref) {
    Vdi vdi = tx.get(ApiModel.VDI, ref);
    vdi.vbds().forEach(vbd -> letGo(tx, vbd));
    vdi.snapshots()
        .forEach(s -> tx.update(ApiModel.VDI, s, v -> v.with(b -> b.snapshotOf(Ref.none()))));
    vdi.crashDumps().forEach(dump -> tx.delete(ApiModel.CRASHDUMP, dump));
    tx.rows(ApiModel.VM)
        .filter(row -> row.record().suspendVdi().equals(ref))
        .map(Row::ref)
        .toList()
        .forEach(vm -> tx.update(ApiModel.VM, vm, v -> v.with(b -> b.suspendVdi(Ref.none()))));
    tx.rows(ApiModel.POOL)
        .filter(row -> refers(row.record(), ref))
        .map(Row::ref)
        .toList()
        .forEach(pool -> tx.update(ApiModel.POOL, pool, p -> without(p, ref)));
    tx.delete(ApiModel.VDI, ref);
  }

  private static void letGo(Transaction tx, Ref<Vbd> ref) {
    Vbd vbd = tx.get(ApiModel.VBD, ref);
    switch (vbd.type()) {
      case CD, FLOPPY ->
          tx.update(ApiModel.VBD, ref, v -> v.with(b -> b.vdi(Ref.none()).empty(true)));
      case DISK -> VbdRecords.delete(tx, ref);
    }
  }

  private static boolean refers(Pool pool, Ref<Vdi> ref) {
    return pool.redoLogVdi().equals(ref) || pool.metadataVdis().contains(ref);
  }

  private static Pool without(Pool pool, Ref<Vdi> ref) {
    return pool.with(b -> {
      if (pool.redoLogVdi().equals(ref)) {
        b.redoLogVdi(Ref.none());
      }
      b.metadataVdis(
          pool.metadataVdis().stream()
              .filter(vdi -> !vdi.equals(ref))
              .collect(Collectors.toUnmodifiableSet()));
    });
  }
}

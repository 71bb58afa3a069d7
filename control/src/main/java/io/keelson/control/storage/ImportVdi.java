package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Progress;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.host.VolumeBytes;
import io.keelson.store.Transaction;
import java.util.UUID;

/** Writes what a client uploads onto a disk, which nobody else may use meanwhile. */
record ImportVdi(StorageDrivers drivers, Ref<Vdi> vdi, VdiUpload upload)
    implements Steps<ImportVdi.Plan, ImportVdi.Done> {

  record Plan(SrAccess at, UUID volume, long size) {}

  record Done(Volume volume, StorageSpace space) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VdiRules.check(tx, vdi, VdiOperations.BLOCKED);
    Vdi record = tx.get(ApiModel.VDI, vdi);
    if (record.missing()) {
      throw ApiErrors.vdiMissing(record.sr().text(), vdi.text());
    }
    if (record.readOnly()) {
      throw ApiErrors.vdiReadonly(vdi.text());
    }
    if (upload.atLeast() > record.virtualSize()) {
      throw ApiErrors.vdiTooSmall(vdi.text(), Long.toString(upload.atLeast()));
    }
    claims.add(ApiModel.VDI, vdi, VdiFields.CURRENT_OPERATIONS, VdiOperations.BLOCKED);
    return new Plan(SrAccess.anywhere(tx, record.sr()), Volumes.id(record), record.virtualSize());
  }

  @Override
  public Done act(Plan plan, Progress progress) {
    write(drivers, plan.at(), plan.volume(), plan.size(), vdi, upload, progress);
    Volume volume = described(drivers, plan.at(), plan.volume());
    return new Done(volume, drivers.space(plan.at()));
  }

  static void write(
      StorageDrivers drivers,
      SrAccess at,
      UUID volume,
      long size,
      Ref<Vdi> vdi,
      VdiUpload upload,
      Progress progress) {
    drivers.with(
        at,
        size,
        driver -> {
          try (VolumeBytes bytes = driver.bytes(at.host(), at.sr(), volume, false)) {
            boolean empty = bytes.next(0).isEmpty();
            upload.writeTo(new VolumeData(bytes), vdi, empty, progress);
          }
          return volume;
        });
  }

  static Volume described(StorageDrivers drivers, SrAccess at, UUID volume) {
    return drivers.with(at, driver -> driver.describe(at.host(), at.sr(), volume));
  }

  @Override
  public void settle(Transaction tx, Plan plan, Done done) {
    tx.update(ApiModel.VDI, vdi, record -> Volumes.described(record, done.volume()));
    SrSpace.changed(tx, plan.at().ref(), done.space(), 0);
  }
}

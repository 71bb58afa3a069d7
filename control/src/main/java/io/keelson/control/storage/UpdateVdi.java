package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Progress;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.store.Transaction;
import java.util.UUID;

/** Brings a disk's record up to date with its volume. */
record UpdateVdi(StorageDrivers drivers, Ref<Vdi> vdi)
    implements Steps<UpdateVdi.Plan, UpdateVdi.Done> {

  record Plan(SrAccess at, UUID volume) {}

  record Done(Volume volume, StorageSpace space) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VdiRules.check(tx, vdi, VdiOperations.UPDATE);
    Vdi record = tx.get(ApiModel.VDI, vdi);
    SrRules.check(tx, record.sr(), StorageOperations.UPDATE);
    claims.add(ApiModel.VDI, vdi, VdiFields.CURRENT_OPERATIONS, VdiOperations.UPDATE);
    claims.add(ApiModel.SR, record.sr(), SrFields.CURRENT_OPERATIONS, StorageOperations.UPDATE);
    return new Plan(SrAccess.anywhere(tx, record.sr()), Volumes.id(record));
  }

  @Override
  public Done act(Plan plan, Progress progress) {
    SrAccess at = plan.at();
    Volume volume = drivers.with(at, driver -> driver.describe(at.host(), at.sr(), plan.volume()));
    return new Done(volume, drivers.space(at));
  }

  @Override
  public void settle(Transaction tx, Plan plan, Done done) {
    long before = tx.get(ApiModel.VDI, vdi).virtualSize();
    tx.update(ApiModel.VDI, vdi, record -> Volumes.described(record, done.volume()));
    SrSpace.changed(tx, plan.at().ref(), done.space(), done.volume().virtualSize() - before);
  }
}

package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnBoot;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.DiskSource;
import io.keelson.host.Progress;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.store.Transaction;
import java.util.UUID;

/**
 * Writes what a disk holds into another that exists, and only what differs from it. The target
 * changes at once when all is there, so that a failure leaves it as it was.
 */
record CopyIntoVdi(StorageDrivers drivers, Ref<Vdi> source, Ref<Vdi> target, Ref<Vdi> base)
    implements Steps<CopyIntoVdi.Plan, CopyIntoVdi.Done> {

  record Plan(SrAccess from, UUID volume, SrAccess to, UUID targetVolume) {}

  record Done(Volume volume, StorageSpace space) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VdiRules.check(tx, source, VdiOperations.COPY);
    VdiRules.check(tx, target, VdiOperations.DESTROY);
    CopyVdi.checkBase(tx, base);
    Vdi from = tx.get(ApiModel.VDI, source);
    Vdi to = tx.get(ApiModel.VDI, target);
    if (to.readOnly()) {
      throw ApiErrors.vdiReadonly(target.text());
    }
    if (to.onBoot() == OnBoot.RESET) {
      throw ApiErrors.vdiOnBootModeIncompatibleWithOperation();
    }
    if (to.virtualSize() < from.virtualSize()) {
      throw ApiErrors.vdiTooSmall(target.text(), Long.toString(from.virtualSize()));
    }
    SrRules.check(tx, to.sr(), StorageOperations.VDI_CLONE);
    claims.add(ApiModel.VDI, source, VdiFields.CURRENT_OPERATIONS, VdiOperations.COPY);
    claims.add(ApiModel.VDI, target, VdiFields.CURRENT_OPERATIONS, VdiOperations.BLOCKED);
    claims.add(ApiModel.SR, to.sr(), SrFields.CURRENT_OPERATIONS, StorageOperations.VDI_CLONE);
    SrAccess at = CopyVdi.reach(tx, from.sr(), to.sr());
    return new Plan(at, Volumes.id(from), CopyVdi.across(tx, at, to.sr()), Volumes.id(to));
  }

  @Override
  public Done act(Plan plan, Progress progress) {
    SrAccess from = plan.from();
    SrAccess to = plan.to();
    DiskSource bytes =
        drivers.with(from, driver -> driver.open(from.host(), from.sr(), plan.volume(), true));
    Volume volume =
        drivers.with(
            to,
            driver ->
                driver.replaceVolume(to.host(), bytes, to.sr(), plan.targetVolume(), progress));
    return new Done(volume, drivers.space(to));
  }

  @Override
  public void settle(Transaction tx, Plan plan, Done done) {
    tx.update(ApiModel.VDI, target, vdi -> Volumes.described(vdi, done.volume()));
    SrSpace.changed(tx, plan.to().ref(), done.space(), 0);
  }
}

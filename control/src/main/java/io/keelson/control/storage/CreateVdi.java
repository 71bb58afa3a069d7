package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnBoot;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.Vdi;
import io.keelson.control.operation.Claims;
import io.keelson.host.Progress;
import io.keelson.host.Volume;
import io.keelson.store.Transaction;
import java.util.UUID;

/**
 * Makes an empty disk.
 *
 * @param wanted its record; what the server decides is passed over
 */
public record CreateVdi(StorageDrivers drivers, Vdi wanted) implements VdiWork<CreateVdi.Plan> {
  /** 64 TiB. */
  static final long LARGEST = 64L << 40;

  /** What is to be made. */
  public record Plan(SrAccess at, Ref<Vdi> vdi, UUID volume, long size) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    SrRules.check(tx, wanted.sr(), StorageOperations.VDI_CREATE);
    checkSize(wanted.virtualSize());
    claims.add(ApiModel.SR, wanted.sr(), SrFields.CURRENT_OPERATIONS, StorageOperations.VDI_CREATE);
    return new Plan(
        SrAccess.anywhere(tx, wanted.sr()), Ref.fresh(), claims.name(), wanted.virtualSize());
  }

  @Override
  public MadeVdi act(Plan plan, Progress progress) {
    SrAccess at = plan.at();
    Volume volume =
        drivers.with(
            at,
            plan.size(),
            driver -> driver.createVolume(at.host(), at.sr(), plan.volume(), plan.size()));
    return drivers.made(at, plan.vdi(), volume);
  }

  @Override
  public void settle(Transaction tx, Plan plan, MadeVdi made) {
    Vdi record =
        wanted.with(b -> b.uuid(plan.volume().toString()).managed(true).onBoot(OnBoot.PERSIST));
    tx.create(ApiModel.VDI, plan.vdi(), Volumes.described(record, made.volume()));
    SrSpace.changed(tx, plan.at().ref(), made.space(), made.volume().virtualSize());
  }

  @Override
  public void revert(Plan plan, MadeVdi made) {
    drivers.destroy(plan.at(), plan.volume());
  }

  /**
   * @throws io.keelson.api.ApiError INVALID_VALUE, VDI_TOO_LARGE
   */
  static void checkSize(long size) {
    if (size <= 0) {
      throw ApiErrors.invalidValue("virtual_size", Long.toString(size));
    }
    if (size > LARGEST) {
      throw ApiErrors.vdiTooLarge(Long.toString(size), Long.toString(LARGEST));
    }
  }
}

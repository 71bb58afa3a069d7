package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.StorageOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Progress;
import io.keelson.host.StorageSpace;
import io.keelson.store.Transaction;

/** Brings the record of a repository's space up to date. */
record UpdateSr(StorageDrivers drivers, Ref<Sr> sr) implements Steps<SrAccess, StorageSpace> {

  @Override
  public SrAccess claim(Transaction tx, Claims claims) {
    SrRules.check(tx, sr, StorageOperations.UPDATE);
    claims.add(ApiModel.SR, sr, SrFields.CURRENT_OPERATIONS, StorageOperations.UPDATE);
    return SrAccess.anywhere(tx, sr);
  }

  @Override
  public StorageSpace act(SrAccess at, Progress progress) {
    return drivers.space(at);
  }

  @Override
  public void settle(Transaction tx, SrAccess at, StorageSpace space) {
    SrSpace.recount(tx, sr, space);
  }
}

package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.StorageOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;

/** Finds what disks are in a repository. */
record ScanSr(StorageDrivers drivers, Ref<Sr> sr) implements Steps<SrAccess, SrScan> {

  @Override
  public SrAccess claim(Transaction tx, Claims claims) {
    SrRules.check(tx, sr, StorageOperations.SCAN);
    claims.add(ApiModel.SR, sr, SrFields.CURRENT_OPERATIONS, StorageOperations.SCAN);
    return SrAccess.anywhere(tx, sr);
  }

  @Override
  public SrScan act(SrAccess at, Progress progress) {
    return SrScan.of(drivers, at);
  }

  @Override
  public void settle(Transaction tx, SrAccess at, SrScan found) {
    found.settle(tx, sr);
  }
}

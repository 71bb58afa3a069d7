package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Sr;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.StorageOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.Map;

/** Destroys a repository that no host is connected to any more: on the storage and its records. */
record DestroySr(StorageDrivers drivers, Ref<Sr> sr)
    implements Steps<DestroySr.Plan, DestroySr.Plan> {

  /** What is to be destroyed, and how a host reaches it. */
  record Plan(SrAccess at, Map<String, String> config) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    SrRules.check(tx, sr, StorageOperations.DESTROY);
    claims.add(ApiModel.SR, sr, SrFields.CURRENT_OPERATIONS, StorageOperations.DESTROY);
    Pbd pbd = tx.get(ApiModel.PBD, tx.get(ApiModel.SR, sr).pbds().iterator().next());
    return new Plan(SrAccess.at(tx, sr, pbd.host()), DeviceSecrets.open(tx, pbd.deviceConfig()));
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    drivers.attach(plan.at(), plan.config());
    drivers.delete(plan.at());
    return plan;
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {
    SrRecords.delete(tx, sr);
  }
}

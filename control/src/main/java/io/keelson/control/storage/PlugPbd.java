package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.StorageOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.Map;
import java.util.Optional;

/** Attaches a repository on a host and finds what disks are in it; nothing when it is attached. */
record PlugPbd(StorageDrivers drivers, Ref<Pbd> pbd)
    implements Steps<PlugPbd.Plan, Optional<SrScan>> {

  /** What is to be attached. */
  record Plan(SrAccess at, Map<String, String> config, boolean attached) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    Pbd record = tx.get(ApiModel.PBD, pbd);
    SrRules.check(tx, record.sr(), StorageOperations.PLUG);
    SrAccess at = SrAccess.at(tx, record.sr(), record.host());
    drivers.driver(at.type());
    claims.add(ApiModel.SR, record.sr(), SrFields.CURRENT_OPERATIONS, StorageOperations.PLUG);
    return new Plan(at, DeviceSecrets.open(tx, record.deviceConfig()), record.currentlyAttached());
  }

  @Override
  public Optional<SrScan> act(Plan plan, Progress progress) {
    if (plan.attached()) {
      return Optional.empty();
    }
    drivers.attach(plan.at(), plan.config());
    try {
      return Optional.of(SrScan.of(drivers, plan.at()));
    } catch (RuntimeException failure) {
      drivers.detach(plan.at());
      throw failure;
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, Optional<SrScan> found) {
    found.ifPresent(scan -> {
      tx.update(ApiModel.PBD, pbd, p -> p.with(b -> b.currentlyAttached(true)));
      scan.settle(tx, plan.at().ref());
    });
  }
}

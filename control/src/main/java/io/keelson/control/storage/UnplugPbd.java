package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Sr;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vdi;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.pool.ha.HaGuard;
import io.keelson.control.rules.Refusals;
import io.keelson.host.Progress;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;

/** Lets go of a repository on a host, where no VM may use a disk of it. */
record UnplugPbd(StorageDrivers drivers, Ref<Pbd> pbd)
    implements Steps<UnplugPbd.Plan, UnplugPbd.Plan> {

  /** What is to be let go. */
  record Plan(SrAccess at, boolean attached) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    Pbd record = tx.get(ApiModel.PBD, pbd);
    SrAccess at = SrAccess.at(tx, record.sr(), record.host());
    if (record.currentlyAttached()) {
      SrRules.check(tx, record.sr(), StorageOperations.UNPLUG);
      checkUnused(tx, record.sr(), record.host());
      LocalCache.checkUnused(tx, record.sr(), record.host());
      HaGuard.rehearse(tx, it -> attached(it, false), it -> attached(it, true));
      claims.add(ApiModel.SR, record.sr(), SrFields.CURRENT_OPERATIONS, StorageOperations.UNPLUG);
    }
    return new Plan(at, record.currentlyAttached());
  }

  private void attached(Transaction tx, boolean attached) {
    tx.update(ApiModel.PBD, pbd, p -> p.with(b -> b.currentlyAttached(attached)));
  }

  private static void checkUnused(Snapshot state, Ref<Sr> sr, Ref<Host> host) {
    for (Ref<Vdi> ref : state.get(ApiModel.SR, sr).vdis()) {
      Refusals.raise(OwnDisks.inUse(state, ref, state.get(ApiModel.VDI, ref)));
      for (Ref<Vbd> vbd : state.get(ApiModel.VDI, ref).vbds()) {
        if (usedOn(state, state.get(ApiModel.VBD, vbd), host)) {
          throw ApiErrors.vdiInUse(ref.text(), StorageOperations.UNPLUG.text());
        }
      }
    }
  }

  /** A VM that is about to run may come to any host. */
  private static boolean usedOn(Snapshot state, Vbd vbd, Ref<Host> host) {
    return !vbd.currentOperations().isEmpty()
        || (vbd.currentlyAttached() && state.get(ApiModel.VM, vbd.vm()).residentOn().equals(host));
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    if (plan.attached()) {
      drivers.detach(plan.at());
    }
    return plan;
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {
    if (plan.attached()) {
      tx.update(ApiModel.PBD, pbd, p -> p.with(b -> b.currentlyAttached(false)));
    }
  }
}

package io.keelson.control.pool.ha;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Message;
import io.keelson.api.model.Pool;
import io.keelson.control.alert.Alert;
import io.keelson.control.alert.Alerts;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;

/** Keeps in the pool's record for how many failures there is a plan, and tells when it is worse. */
record PlanKeeping(Store store, Alerts alerts) {

  /** What there is a plan for. */
  private record Cover(long failures, boolean overcommitted) {
    static Cover of(Snapshot state, Pool pool) {
      ProtectedVms vms = ProtectedVms.of(state);
      FailurePlans plans = vms.plans(vms.today());
      int wanted = ProtectedVms.failuresToTolerate(pool);
      if (plans.exists(wanted)) {
        return new Cover(wanted, false);
      }
      int failures = 0;
      while (failures + 1 < wanted && plans.exists(failures + 1)) {
        failures++;
      }
      return new Cover(failures, true);
    }

    boolean isIn(Pool pool) {
      return pool.haPlanExistsFor() == failures && pool.haOvercommitted() == overcommitted;
    }
  }

  void update() {
    Snapshot state = store.snapshot();
    for (Row<Pool> row : state.rows(ApiModel.POOL).toList()) {
      Cover cover = Cover.of(state, row.record());
      if (!cover.isIn(row.record())) {
        store.change(tx -> write(tx, row.ref(), cover));
      }
    }
  }

  private void write(Transaction tx, Ref<Pool> ref, Cover cover) {
    Pool before = tx.get(ApiModel.POOL, ref);
    if (!before.haEnabled()) {
      return;
    }
    set(tx, ref, cover);
    if (cover.overcommitted() && !before.haOvercommitted()) {
      Ref<Message> _ =
          alerts.raise(
              tx,
              Alert.HA_POOL_OVERCOMMITTED,
              Cls.POOL,
              before.uuid(),
              "The hosts could not take all protected VMs after %d of them fail; there is a plan for %d"
                  .formatted(before.haHostFailuresToTolerate(), cover.failures()));
    }
    if (cover.failures() < before.haPlanExistsFor()) {
      Ref<Message> _ =
          alerts.raise(
              tx,
              Alert.HA_POOL_DROP_IN_PLAN_EXISTS_FOR,
              Cls.POOL,
              before.uuid(),
              "There was a plan for %d failures of hosts, and is one for %d"
                  .formatted(before.haPlanExistsFor(), cover.failures()));
    }
  }

  /** Writes it without a word, when HA comes on. */
  static void begin(Transaction tx, Ref<Pool> pool) {
    set(tx, pool, Cover.of(tx, tx.get(ApiModel.POOL, pool)));
  }

  private static void set(Transaction tx, Ref<Pool> pool, Cover cover) {
    tx.update(
        ApiModel.POOL,
        pool,
        p ->
            p.with(
                b -> b.haPlanExistsFor(cover.failures()).haOvercommitted(cover.overcommitted())));
  }
}

package io.keelson.control.pool.ha;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Message;
import io.keelson.api.model.Pool;
import io.keelson.control.alert.Alert;
import io.keelson.control.alert.Alerts;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Table;
import io.keelson.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keeps in the pool's record for how many failures there is a plan, and tells when it is worse. */
final class PlanKeeping {
  private final Store store;
  private final Alerts alerts;

  /** What the last cover followed from. */
  private Optional<Known> known = Optional.empty();

  PlanKeeping(Store store, Alerts alerts) {
    this.store = store;
    this.alerts = alerts;
  }

  /** A plan is what the last one was while no object has changed that it follows from. */
  private record Known(List<Table<?>> tables, FailurePlans plans, int wanted, Cover cover) {
    @SuppressWarnings("ReferenceEquality") // a table that has not changed is the same object
    boolean isOf(List<Table<?>> now) {
      for (int i = 0; i < tables.size(); i++) {
        if (tables.get(i) != now.get(i)) {
          return false;
        }
      }
      return true;
    }
  }

  /** What changes all the time, and what no plan follows from. */
  private static final Set<ApiClass<?>> ASIDE =
      Set.of(
          ApiModel.SESSION,
          ApiModel.TASK,
          ApiModel.MESSAGE,
          ApiModel.CONSOLE,
          ApiModel.VM_METRICS,
          ApiModel.VM_GUEST_METRICS,
          ApiModel.VBD_METRICS,
          ApiModel.VIF_METRICS,
          ApiModel.PIF_METRICS);

  private static List<Table<?>> tables(Snapshot state) {
    List<Table<?>> tables = new ArrayList<>();
    ApiModel.CLASSES.stream()
        .filter(apiClass -> !ASIDE.contains(apiClass))
        .forEach(apiClass -> tables.add(state.table(apiClass)));
    return tables;
  }

  /** What there is a plan for. */
  private record Cover(long failures, boolean overcommitted) {
    static Cover of(Snapshot state, Pool pool) {
      ProtectedVms vms = ProtectedVms.of(state);
      return of(vms.plans(vms.today()), ProtectedVms.failuresToTolerate(pool));
    }

    static Cover of(FailurePlans plans, int wanted) {
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

  /** For one thread at a time. */
  void update() {
    Snapshot state = store.snapshot();
    Row<Pool> pool = OnlyPool.row(state);
    Cover cover = cover(state, pool.record());
    if (!cover.isIn(pool.record())) {
      store.change(tx -> write(tx, pool.ref(), cover));
    }
  }

  private Cover cover(Snapshot state, Pool pool) {
    List<Table<?>> tables = tables(state);
    Optional<Known> current = known.filter(k -> k.isOf(tables));
    if (current.isPresent()) {
      return current.get().cover();
    }
    ProtectedVms vms = ProtectedVms.of(state);
    FailurePlans plans = vms.plans(vms.today());
    int wanted = ProtectedVms.failuresToTolerate(pool);
    Cover cover =
        known
            .filter(k -> k.plans().equals(plans) && k.wanted() == wanted)
            .map(Known::cover)
            .orElseGet(() -> Cover.of(plans, wanted));
    known = Optional.of(new Known(tables, plans, wanted, cover));
    return cover;
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

package io.keelson.control.pool.ha;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Vm;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.Optional;
import java.util.Set;

/** Keeps the pool able to fail over as it was told to, while HA is on. */
public final class HaGuard {
  private HaGuard() {}

  /**
   * Call it at the end of a transaction's checks, when the state is as it will be.
   *
   * @throws io.keelson.api.ApiError HA_OPERATION_WOULD_BREAK_FAILOVER_PLAN, when there was a plan
   *     before, and the pool may not be overcommitted
   */
  public static void keepPlan(Snapshot state) {
    guarded(state)
        .ifPresent(pool -> {
          ProtectedVms vms = ProtectedVms.of(state);
          keepPlan(pool, vms, vms.today());
        });
  }

  /** {@link #keepPlan(Snapshot)} for a VM that is about to run. */
  public static void keepPlan(Snapshot state, Ref<Vm> starting) {
    Vm vm = state.get(ApiModel.VM, starting);
    Optional<Pool> pool = guarded(state);
    if (pool.isEmpty() || ProtectedVms.isAwaited(vm)) {
      return; // the plan counts with one that is awaited already
    }
    ProtectedVms vms = ProtectedVms.of(state);
    Set<Ref<Vm>> today = vms.today();
    keepPlan(
        pool.get(),
        vms,
        ProtectedVms.isProtected(vm.haRestartPriority())
            ? ProtectedVms.plus(today, starting)
            : today);
  }

  private static void keepPlan(Pool pool, ProtectedVms vms, Set<Ref<Vm>> wanted) {
    int failures = ProtectedVms.failuresToTolerate(pool);
    FailurePlans plans = vms.plans(wanted);
    if (!plans.surelyExists(failures) && !plans.exists(failures)) {
      throw ApiErrors.haOperationWouldBreakFailoverPlan();
    }
  }

  private static Optional<Pool> guarded(Snapshot state) {
    return state
        .rows(ApiModel.POOL)
        .map(Row::record)
        .filter(pool -> pool.haEnabled() && !pool.haAllowOvercommit() && !pool.haOvercommitted())
        .findFirst();
  }
}

package io.keelson.control.pool.ha;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Vm;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

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

  /** {@link #keepPlan(Snapshot)} for a VM that is about to go to another host. */
  public static void keepPlan(Snapshot state, Ref<Vm> moving, Ref<Host> to) {
    if (!state.get(ApiModel.VM, moving).residentOn().equals(to)) {
      guarded(state)
          .ifPresent(pool -> {
            ProtectedVms vms =
                ProtectedVms.of(state, Optional.of(new ProtectedVms.Move(moving, to)));
            keepPlan(pool, vms, vms.today());
          });
    }
  }

  /**
   * Makes a change after which some protected VMs may need more, or not run everywhere any more:
   * they would not be planned for.
   *
   * @throws io.keelson.api.ApiError HA_OPERATION_WOULD_BREAK_FAILOVER_PLAN
   */
  public static <T> T keepPlan(Transaction tx, Function<Transaction, T> change) {
    Optional<Pool> pool = guarded(tx);
    Set<Ref<Vm>> before = pool.map(_ -> ProtectedVms.of(tx).planned()).orElse(Set.of());
    T result = change.apply(tx);
    if (pool.isPresent()) {
      ProtectedVms after = ProtectedVms.of(tx);
      if (!after.planned().containsAll(before)) {
        throw ApiErrors.haOperationWouldBreakFailoverPlan();
      }
      keepPlan(pool.get(), after, after.today());
    }
    return result;
  }

  /** {@link #keepPlan(Transaction, Function)} for a change of what one VM has. */
  public static <T> T keepPlan(Transaction tx, Ref<Vm> vm, Function<Transaction, T> change) {
    return counts(tx, vm) ? keepPlan(tx, change) : change.apply(tx);
  }

  /** Whether plans may be about the VM. */
  private static boolean counts(Snapshot state, Ref<Vm> vm) {
    return state
        .find(ApiModel.VM, vm)
        .filter(v -> ProtectedVms.isProtected(v.haRestartPriority()))
        .filter(v -> !v.residentOn().isNull() || ProtectedVms.isAwaited(v))
        .isPresent();
  }

  /**
   * {@link #keepPlan(Transaction, Function)} for a change that is made later.
   *
   * @param back takes the change back
   */
  public static void rehearse(
      Transaction tx, Consumer<Transaction> change, Consumer<Transaction> back) {
    if (guarded(tx).isPresent()) {
      boolean _ =
          keepPlan(
              tx,
              it -> {
                change.accept(it);
                return true;
              });
      back.accept(tx);
    }
  }

  /** {@link #rehearse(Transaction, Consumer, Consumer)} for a change of what one VM has. */
  public static void rehearse(
      Transaction tx, Ref<Vm> vm, Consumer<Transaction> change, Consumer<Transaction> back) {
    if (counts(tx, vm)) {
      rehearse(tx, change, back);
    }
  }

  private static void keepPlan(Pool pool, ProtectedVms vms, Set<Ref<Vm>> wanted) {
    int failures = ProtectedVms.failuresToTolerate(pool);
    FailurePlans plans = vms.plans(wanted);
    if (!plans.surelyExists(failures) && !plans.exists(failures)) {
      throw ApiErrors.haOperationWouldBreakFailoverPlan();
    }
  }

  private static Optional<Pool> guarded(Snapshot state) {
    return OnlyPool.find(state)
        .filter(pool -> pool.haEnabled() && !pool.haAllowOvercommit() && !pool.haOvercommitted());
  }
}

package io.keelson.control.pool.ha;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PoolHaPlans;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Vm;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What would happen if hosts failed. Plans can be asked for whether or not HA is on. */
record PoolHaPlansHandler(Store store, Restarts restarts) implements PoolHaPlans {
  /** A year: nobody means longer, and the clock knows no end of time. */
  private static final long LONGEST_SECONDS = 31_536_000;

  @Override
  public long haComputeMaxHostFailuresToTolerate(Call call) {
    ProtectedVms vms = ProtectedVms.of(store.snapshot());
    return vms.plans(vms.today()).most();
  }

  /** VMs of other priorities, and all that are not named, are taken for unprotected. */
  @Override
  public long haComputeHypotheticalMaxHostFailuresToTolerate(
      Call call, Map<Ref<Vm>, String> configuration) {
    Snapshot state = store.snapshot();
    configuration.keySet().forEach(vm -> state.get(ApiModel.VM, vm));
    Set<Ref<Vm>> named =
        configuration.entrySet().stream()
            .filter(entry -> ProtectedVms.isProtected(entry.getValue()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
    return ProtectedVms.of(state).plans(named).most();
  }

  @Override
  public Map<Ref<Vm>, Map<String, String>> haComputeVmFailoverPlan(
      Call call, Set<Ref<Host>> failedHosts, Set<Ref<Vm>> failedVms) {
    Snapshot state = store.snapshot();
    failedHosts.forEach(host -> state.get(ApiModel.HOST, host));
    failedVms.forEach(vm -> state.get(ApiModel.VM, vm));
    return FailoverPlan.of(ProtectedVms.of(state), failedHosts, failedVms);
  }

  /**
   * @throws io.keelson.api.ApiError INVALID_VALUE for less than none
   */
  @Override
  public boolean haFailoverPlanExists(Call call, long n) {
    return exists(store.snapshot(), "n", n);
  }

  /**
   * Keeps the wish, and what it means today.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE for less than none; HA_NO_PLAN for more than can
   *     be, unless the pool may be overcommitted
   */
  @Override
  public void setHaHostFailuresToTolerate(Call call, Ref<Pool> self, long value) {
    store.change(tx -> {
      Pool pool = tx.get(ApiModel.POOL, self);
      boolean covered = exists(tx, "ha_host_failures_to_tolerate", value);
      if (!covered && value > pool.haHostFailuresToTolerate() && !pool.haAllowOvercommit()) {
        throw ApiErrors.haNoPlan();
      }
      tx.update(ApiModel.POOL, self, p -> p.with(b -> b.haHostFailuresToTolerate(value)));
    });
  }

  /**
   * For VMs that an administrator is about to look after; 0 ends an earlier wish. Nothing restarts
   * VMs while HA is off, so there is nothing to hold back.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE for a time below 0; HA_NOT_ENABLED
   */
  @Override
  public void haPreventRestartsFor(Call call, long seconds) {
    if (seconds < 0) {
      throw ApiErrors.invalidValue("seconds", Long.toString(seconds));
    }
    if (OnlyPool.find(store.snapshot()).filter(Pool::haEnabled).isEmpty()) {
      throw ApiErrors.haNotEnabled();
    }
    restarts.holdFor(Duration.ofSeconds(Math.min(seconds, LONGEST_SECONDS)));
  }

  private static boolean exists(Snapshot state, String field, long failures) {
    if (failures < 0) {
      throw ApiErrors.invalidValue(field, Long.toString(failures));
    }
    ProtectedVms vms = ProtectedVms.of(state);
    return failures <= vms.hosts().size()
        && vms.plans(vms.today()).exists(Math.toIntExact(failures));
  }
}

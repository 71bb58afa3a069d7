package io.keelson.control.pool.ha;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.api.model.PoolAllowedOperations;
import io.keelson.api.model.Sr;
import io.keelson.control.rules.LiveHosts;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.storage.LeaseDisks;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether HA may come on or go off. */
final class HaRules {
  private HaRules() {}

  /**
   * @throws ApiError HA_ENABLE_IN_PROGRESS, HA_DISABLE_IN_PROGRESS
   */
  static void checkIdle(Pool pool) {
    for (PoolAllowedOperations operation : pool.currentOperations().values()) {
      throw switch (operation) {
        case HA_ENABLE -> ApiErrors.haEnableInProgress();
        case HA_DISABLE -> ApiErrors.haDisableInProgress();
      };
    }
  }

  /**
   * @throws ApiError HA_IS_ENABLED; HOST_OFFLINE naming a host that does not answer; HA_NO_PLAN
   *     when the failures to be tolerated are more than there is a plan for
   */
  static void checkEnable(Snapshot state, Pool pool) {
    if (pool.haEnabled()) {
      throw ApiErrors.haIsEnabled();
    }
    checkIdle(pool);
    for (Row<Host> host : state.rows(ApiModel.HOST).toList()) {
      if (!LiveHosts.isLive(state, host.record())) {
        throw ApiErrors.hostOffline(host.ref().text());
      }
    }
    ProtectedVms vms = ProtectedVms.of(state);
    long wanted = pool.haHostFailuresToTolerate();
    boolean planned =
        wanted <= vms.hosts().size() && vms.plans(vms.running()).exists(Math.toIntExact(wanted));
    if (!planned && !pool.haAllowOvercommit()) {
      throw ApiErrors.haNoPlan();
    }
  }

  /**
   * The repositories for statefiles: those given, or of all that are fit the one that is best.
   *
   * @throws ApiError HANDLE_INVALID, SR_NO_PBDS, SR_OPERATION_NOT_SUPPORTED for one that is given;
   *     CANNOT_CREATE_STATE_FILE when none is given and none is fit
   */
  static List<Ref<Sr>> repositories(Snapshot state, Set<Ref<Sr>> given) {
    given.forEach(sr -> LeaseDisks.requireSupport(state, sr));
    if (!given.isEmpty()) {
      return given.stream().sorted(Comparator.comparing(Ref::text)).toList();
    }
    Ref<Sr> usual = OnlyPool.find(state).map(Pool::defaultSr).orElse(Ref.none());
    Optional<Row<Sr>> best =
        state
            .rows(ApiModel.SR)
            .filter(row -> isFit(state, row.ref()))
            .min(
                Comparator.comparing((Row<Sr> row) -> !row.record().shared())
                    .thenComparing(row -> !row.ref().equals(usual))
                    .thenComparing(row -> row.record().uuid()));
    return List.of(best.orElseThrow(ApiErrors::cannotCreateStateFile).ref());
  }

  private static boolean isFit(Snapshot state, Ref<Sr> sr) {
    try {
      LeaseDisks.requireSupport(state, sr);
      return true;
    } catch (ApiError _) {
      return false;
    }
  }
}

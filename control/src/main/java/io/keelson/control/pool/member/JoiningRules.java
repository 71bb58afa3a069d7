package io.keelson.control.pool.member;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pif;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.List;

/**
 * Whether this host may leave its pool of one for another; the rules in the order of their errors.
 */
record JoiningRules(Snapshot state) {

  /**
   * That this pool is fit to be given up.
   *
   * @throws io.keelson.api.ApiError JOINING_HOST_CANNOT_BE_MASTER_OF_OTHER_HOSTS, HA_IS_ENABLED,
   *     HOST_HAS_NO_MANAGEMENT_IP, JOINING_HOST_CANNOT_HAVE_VMS_WITH_CURRENT_OPERATIONS,
   *     JOINING_HOST_CANNOT_HAVE_RUNNING_VMS, JOINING_HOST_CANNOT_CONTAIN_SHARED_SRS,
   *     POOL_JOINING_HOST_MUST_ONLY_HAVE_PHYSICAL_PIFS
   */
  void checkSelf() {
    if (state.table(ApiModel.HOST).size() > 1) {
      throw ApiErrors.joiningHostCannotBeMasterOfOtherHosts();
    }
    if (pool().haEnabled()) {
      throw ApiErrors.haIsEnabled();
    }
    if (host().address().isEmpty()) {
      throw ApiErrors.hostHasNoManagementIp();
    }
    List<Vm> vms =
        state.rows(ApiModel.VM).map(Row::record).filter(vm -> !vm.isControlDomain()).toList();
    if (vms.stream().anyMatch(vm -> !vm.currentOperations().isEmpty())) {
      throw ApiErrors.joiningHostCannotHaveVmsWithCurrentOperations();
    }
    if (vms.stream().anyMatch(JoiningRules::runs)) {
      throw ApiErrors.joiningHostCannotHaveRunningVms();
    }
    if (state.rows(ApiModel.SR).map(Row::record).anyMatch(JoiningRules::isShared)) {
      throw ApiErrors.joiningHostCannotContainSharedSrs();
    }
    if (state.rows(ApiModel.PIF).map(Row::record).anyMatch(JoiningRules::isMade)) {
      throw ApiErrors.poolJoiningHostMustOnlyHavePhysicalPifs();
    }
  }

  Pool pool() {
    return OnlyPool.row(state).record();
  }

  /** This pool's only one. */
  Host host() {
    return state.get(ApiModel.HOST, pool().master());
  }

  private static boolean runs(Vm vm) {
    return vm.powerState() == VmPowerState.RUNNING || vm.powerState() == VmPowerState.PAUSED;
  }

  /** The library of tools is in every pool. */
  private static boolean isShared(Sr sr) {
    return sr.shared() && !sr.otherConfig().containsKey("xenserver_tools_sr");
  }

  private static boolean isMade(Pif pif) {
    return !pif.bondMasterOf().isEmpty() || pif.vlan() >= 0 || !pif.tunnelAccessPifOf().isEmpty();
  }
}

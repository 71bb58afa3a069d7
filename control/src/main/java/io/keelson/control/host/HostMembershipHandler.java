package io.keelson.control.host;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostMembership;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.control.rules.LiveHosts;
import io.keelson.control.rules.OnlyPool;
import io.keelson.control.vm.power.PowerStates;
import io.keelson.store.Row;
import io.keelson.store.Store;
import io.keelson.store.Transaction;

/**
 * Hosts that are given up.
 *
 * @param states what a VM's record becomes when its run has ended
 */
record HostMembershipHandler(Store store, PowerStates states) implements HostMembership {

  /**
   * The VMs that were on the host count as halted and can be started elsewhere. Should the host run
   * after all, so do they, twice: the caller vouches for its death.
   *
   * @throws io.keelson.api.ApiError HOST_CANNOT_DESTROY_SELF, HA_IS_ENABLED, HOST_IS_LIVE
   */
  @Override
  public void declareDead(Call call, Ref<Host> host) {
    store.change(tx -> {
      checkGone(tx, host);
      EvacuationPlan.residents(tx, host).forEach(vm -> states.reset(tx, vm.ref()));
    });
  }

  /**
   * @throws io.keelson.api.ApiError those of declare_dead, HOST_HAS_RESIDENT_VMS
   */
  @Override
  public void destroy(Call call, Ref<Host> self) {
    store.change(tx -> {
      checkGone(tx, self);
      if (!EvacuationPlan.residents(tx, self).isEmpty()) {
        throw ApiErrors.hostHasResidentVms(self.text());
      }
      HostRemoval.remove(tx, self);
    });
  }

  private static void checkGone(Transaction tx, Ref<Host> host) {
    tx.get(ApiModel.HOST, host);
    Pool pool = OnlyPool.row(tx).record();
    if (pool.master().equals(host)) {
      throw ApiErrors.hostCannotDestroySelf(host.text());
    }
    if (pool.haEnabled()) {
      throw ApiErrors.haIsEnabled();
    }
    if (LiveHosts.isLive(tx, tx.get(ApiModel.HOST, host))) {
      throw ApiErrors.hostIsLive(host.text());
    }
  }

  /**
   * Takes this pool for one without HA, whatever other hosts think.
   *
   * @throws io.keelson.api.ApiError HA_NOT_ENABLED
   */
  @Override
  public void emergencyHaDisable(Call call) {
    store.change(tx -> {
      Row<Pool> pool = OnlyPool.row(tx);
      if (!pool.record().haEnabled()) {
        throw ApiErrors.haNotEnabled();
      }
      tx.update(ApiModel.POOL, pool.ref(), p -> p.with(b -> b.haEnabled(false)));
    });
  }
}

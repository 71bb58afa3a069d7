package io.keelson.control.pool.member;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PbdLifecycle;
import io.keelson.api.messages.PoolMembership;
import io.keelson.api.messages.SrLifecycle;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Sr;
import io.keelson.control.host.HostRemoval;
import io.keelson.control.operation.PartCall;
import io.keelson.control.rules.LiveHosts;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.List;

/**
 * Takes a host out of the pool: it lets go of all repositories, and what it alone has goes along.
 */
record Ejection(Store store, PbdLifecycle connections, SrLifecycle repositories) {

  /**
   * @throws io.keelson.api.ApiError HANDLE_INVALID, HOST_CANNOT_DESTROY_SELF for the coordinator,
   *     HA_IS_ENABLED, OTHER_OPERATION_IN_PROGRESS, HOST_OFFLINE, HOST_HAS_RESIDENT_VMS; what
   *     PBD.unplug says of a repository that cannot be let go of
   */
  void eject(Call call, Ref<Host> host) {
    boolean enabled =
        store.transact(tx -> {
          check(tx, host);
          Host before = tx.get(ApiModel.HOST, host);
          tx.update(ApiModel.HOST, host, h -> h.with(b -> b.enabled(false)));
          return before.enabled();
        });
    List<Ref<Sr>> own = own(store.snapshot(), host);
    try {
      for (Row<Pbd> pbd : pbds(store.snapshot(), host)) {
        connections.unplug(new PartCall(call, PoolMembership.Specs.EJECT), pbd.ref());
      }
      store.change(tx -> {
        check(tx, host);
        HostRemoval.remove(tx, host);
      });
    } catch (RuntimeException failure) {
      takeBack(call, host, enabled);
      throw failure;
    }
    own.forEach(sr -> repositories.forget(new PartCall(call, PoolMembership.Specs.EJECT), sr));
  }

  private static void check(Snapshot state, Ref<Host> host) {
    Host record = state.get(ApiModel.HOST, host);
    Pool pool = OnlyPool.row(state).record();
    if (pool.master().equals(host)) {
      throw ApiErrors.hostCannotDestroySelf(host.text());
    }
    if (pool.haEnabled()) {
      throw ApiErrors.haIsEnabled();
    }
    HostRemoval.checkIdle(host, record);
    if (!LiveHosts.isLive(state, record)) {
      throw ApiErrors.hostOffline(host.text());
    }
    HostRemoval.checkEmpty(state, host);
  }

  private static List<Row<Pbd>> pbds(Snapshot state, Ref<Host> host) {
    return state
        .rows(ApiModel.PBD)
        .filter(row -> row.record().host().equals(host) && row.record().currentlyAttached())
        .toList();
  }

  /** The repositories that no other host reaches and none is to share. */
  private static List<Ref<Sr>> own(Snapshot state, Ref<Host> host) {
    return state
        .rows(ApiModel.SR)
        .filter(row -> !row.record().shared() && !row.record().pbds().isEmpty())
        .filter(row ->
            row.record().pbds().stream()
                .allMatch(pbd -> state.get(ApiModel.PBD, pbd).host().equals(host)))
        .<Ref<Sr>>map(Row::ref)
        .toList();
  }

  /** The host is as it was, as far as its repositories can be attached again. */
  private void takeBack(Call call, Ref<Host> host, boolean enabled) {
    for (Row<Pbd> pbd : store.snapshot().rows(ApiModel.PBD).toList()) {
      if (pbd.record().host().equals(host) && !pbd.record().currentlyAttached()) {
        connections.plug(new PartCall(call, PoolMembership.Specs.EJECT), pbd.ref());
      }
    }
    store.change(tx -> {
      if (tx.find(ApiModel.HOST, host).isPresent()) {
        tx.update(ApiModel.HOST, host, h -> h.with(b -> b.enabled(enabled)));
      }
    });
  }
}

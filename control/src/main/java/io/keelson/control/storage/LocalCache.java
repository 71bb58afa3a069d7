package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.OnBoot;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.Optional;

/** The repository in which a host keeps what its VMs read of shared disks. */
final class LocalCache {
  /** The feature of drivers that can do it. */
  static final String FEATURE = "SR_SUPPORTS_LOCAL_CACHING";

  private LocalCache() {}

  /**
   * The cache of a disk on the host that it is opened on, if it is to have one: it is on shared
   * storage, forgets what is written, and may be cached.
   */
  static Optional<SrAccess> of(Snapshot state, Vdi vdi, SrAccess at) {
    boolean wanted = vdi.allowCaching() && vdi.onBoot() == OnBoot.RESET && !vdi.sharable();
    if (!wanted || !state.get(ApiModel.SR, vdi.sr()).shared()) {
      return Optional.empty();
    }
    return state
        .table(ApiModel.HOST)
        .byUuid(at.host().toString())
        .flatMap(host -> cache(state, host));
  }

  private static Optional<SrAccess> cache(Snapshot state, Ref<Host> host) {
    Ref<Sr> sr = state.get(ApiModel.HOST, host).localCacheSr();
    return state.find(ApiModel.SR, sr).isPresent()
        ? SrAccess.from(state, sr, host)
        : Optional.empty();
  }

  /** The host that a repository is the cache of. */
  static Optional<Ref<Host>> hostOf(Snapshot state, Ref<Sr> sr) {
    return state
        .rows(ApiModel.HOST)
        .filter(row -> row.record().localCacheSr().equals(sr))
        .<Ref<Host>>map(Row::ref)
        .findFirst();
  }

  /**
   * That no VM on the host keeps reads in the repository.
   *
   * @throws io.keelson.api.ApiError HOST_IN_USE
   */
  static void checkUnused(Snapshot state, Ref<Sr> sr, Ref<Host> host) {
    if (hostOf(state, sr).filter(host::equals).isEmpty()) {
      return;
    }
    for (var vm : state.get(ApiModel.HOST, host).residentVms()) {
      boolean cached =
          state.find(ApiModel.VM, vm).stream()
              .flatMap(record -> record.vbds().stream())
              .flatMap(vbd -> state.find(ApiModel.VBD, vbd).stream())
              .filter(vbd -> vbd.currentlyAttached())
              .flatMap(vbd -> state.find(ApiModel.VDI, vbd.vdi()).stream())
              .anyMatch(vdi -> vdi.allowCaching() && vdi.onBoot() == OnBoot.RESET);
      if (cached) {
        throw ApiErrors.hostInUse(host.text(), "vm", vm.text());
      }
    }
  }

  /**
   * Makes a repository the cache of a host instead of the one before; none for the null reference.
   */
  static void choose(Transaction tx, Ref<Host> host, Ref<Sr> sr) {
    Ref<Sr> before = tx.get(ApiModel.HOST, host).localCacheSr();
    if (tx.find(ApiModel.SR, before).isPresent()) {
      tx.update(ApiModel.SR, before, s -> s.with(b -> b.localCacheEnabled(false)));
    }
    tx.update(ApiModel.HOST, host, h -> h.with(b -> b.localCacheSr(sr)));
    if (!sr.isNull()) {
      tx.update(ApiModel.SR, sr, s -> s.with(b -> b.localCacheEnabled(true)));
    }
  }
}

package io.keelson.control.storage;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostStorageCaching;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vm;
import io.keelson.host.DriverException;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a host keeps what their VMs read of shared disks. */
record HostCachingHandler(StorageParts parts) implements HostStorageCaching {
  private static final Logger LOG = LoggerFactory.getLogger(HostCachingHandler.class);

  /**
   * @throws ApiError HOST_NOT_DISABLED; HOST_IN_USE while VMs run on the host;
   *     SR_OPERATION_NOT_SUPPORTED for a repository that is shared or of a kind that keeps no
   *     reads; HOST_CANNOT_SEE_SR when it is not attached to this host
   */
  @Override
  public void enableLocalStorageCaching(Call call, Ref<Host> host, Ref<Sr> sr) {
    Optional<SrAccess> before = former(host);
    store()
        .change(tx -> {
          checkIdle(tx, host);
          check(tx, host, sr);
          LocalCache.choose(tx, host, sr);
        });
    before.filter(at -> !at.ref().equals(sr)).ifPresent(this::forget);
  }

  private static void check(Snapshot state, Ref<Host> host, Ref<Sr> ref) {
    Sr sr = state.get(ApiModel.SR, ref);
    if (sr.shared() || sr.pbds().size() != 1) {
      throw ApiErrors.srOperationNotSupported(ref.text());
    }
    SrRules.feature(state, ref, Optional.of(LocalCache.FEATURE))
        .ifPresent(refusal -> {
          throw refusal;
        });
    Pbd pbd = state.get(ApiModel.PBD, sr.pbds().iterator().next());
    if (!pbd.host().equals(host) || !pbd.currentlyAttached()) {
      throw ApiErrors.hostCannotSeeSr(host.text(), ref.text());
    }
  }

  /**
   * @throws ApiError HOST_NOT_DISABLED, HOST_IN_USE
   */
  @Override
  public void disableLocalStorageCaching(Call call, Ref<Host> host) {
    Optional<SrAccess> before = former(host);
    store()
        .change(tx -> {
          checkIdle(tx, host);
          LocalCache.choose(tx, host, Ref.none());
        });
    before.ifPresent(this::forget);
  }

  private static void checkIdle(Snapshot state, Ref<Host> ref) {
    Host host = state.get(ApiModel.HOST, ref);
    if (host.enabled()) {
      throw ApiErrors.hostNotDisabled();
    }
    for (Ref<Vm> vm : host.residentVms()) {
      if (state.find(ApiModel.VM, vm).filter(record -> !record.isControlDomain()).isPresent()) {
        throw ApiErrors.hostInUse(ref.text(), "vm", vm.text());
      }
    }
  }

  /** Where the host keeps reads now. */
  private Optional<SrAccess> former(Ref<Host> host) {
    Snapshot state = store().snapshot();
    Ref<Sr> sr = state.get(ApiModel.HOST, host).localCacheSr();
    return state.find(ApiModel.SR, sr).isPresent()
        ? SrAccess.from(state, sr, host)
        : Optional.empty();
  }

  /** What is kept is of no use any more; what cannot be removed now takes up room, no more. */
  private void forget(SrAccess at) {
    try {
      parts.drivers().driver(at.type()).forgetReads(at.host(), at.sr());
    } catch (DriverException e) {
      LOG.warn("what {} keeps of other repositories stays", at.sr(), e);
    }
  }

  private Store store() {
    return parts.resources().store();
  }
}

package io.keelson.control.storage;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostStorageCaching;
import io.keelson.api.messages.PoolStorageCaching;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Sr;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether all hosts keep what their VMs read of shared disks.
 *
 * @param single the same for one host
 */
record PoolCachingHandler(Store store, HostStorageCaching single) implements PoolStorageCaching {
  private static final Logger LOG = LoggerFactory.getLogger(PoolCachingHandler.class);

  /**
   * Each host has the first of its local repositories that can be its cache.
   *
   * @throws ApiError HOSTS_FAILED_TO_ENABLE_CACHING naming the hosts that have none, or run VMs
   */
  @Override
  public void enableLocalStorageCaching(Call call, Ref<Pool> self) {
    store.snapshot().get(ApiModel.POOL, self);
    List<String> failed =
        hosts().stream().filter(host -> !enabled(call, host)).map(Ref::text).toList();
    if (!failed.isEmpty()) {
      throw ApiErrors.hostsFailedToEnableCaching(failed);
    }
  }

  private boolean enabled(Call call, Ref<Host> host) {
    Snapshot state = store.snapshot();
    List<Ref<Sr>> srs =
        state
            .rows(ApiModel.SR)
            .filter(row -> SrAccess.hosts(state, row.ref()).contains(host))
            .<Ref<Sr>>map(Row::ref)
            .sorted((a, b) -> a.text().compareTo(b.text()))
            .toList();
    for (Ref<Sr> sr : srs) {
      try {
        single.enableLocalStorageCaching(call, host, sr);
        return true;
      } catch (ApiError e) {
        LOG.debug("{} is no cache of {}: {}", sr, host, e.description());
      }
    }
    return false;
  }

  /**
   * @throws ApiError HOSTS_FAILED_TO_DISABLE_CACHING
   */
  @Override
  public void disableLocalStorageCaching(Call call, Ref<Pool> self) {
    store.snapshot().get(ApiModel.POOL, self);
    List<String> failed =
        hosts().stream().filter(host -> !disabled(call, host)).map(Ref::text).toList();
    if (!failed.isEmpty()) {
      throw ApiErrors.hostsFailedToDisableCaching(failed);
    }
  }

  private boolean disabled(Call call, Ref<Host> host) {
    try {
      single.disableLocalStorageCaching(call, host);
      return true;
    } catch (ApiError e) {
      LOG.debug("{} keeps its cache: {}", host, e.description());
      return false;
    }
  }

  private List<Ref<Host>> hosts() {
    return store.snapshot().rows(ApiModel.HOST).<Ref<Host>>map(Row::ref).toList();
  }
}

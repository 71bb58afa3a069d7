package io.keelson.control.pool;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PoolLicensing;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.control.host.Editions;
import io.keelson.host.Plugins;
import io.keelson.host.Plugins.Audience;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the pool's hosts offer. */
record PoolLicensingHandler(Store store, Plugins plugins) implements PoolLicensing {

  /**
   * All hosts, or none.
   *
   * @throws io.keelson.api.ApiError INVALID_EDITION for all but the one that there is
   */
  @Override
  public void applyEdition(Call call, Ref<Pool> self, String edition) {
    store.change(tx -> {
      tx.get(ApiModel.POOL, self);
      List<Ref<Host>> hosts = tx.rows(ApiModel.HOST).<Ref<Host>>map(Row::ref).toList();
      hosts.forEach(host -> Editions.apply(tx, host, edition));
    });
  }

  @Override
  public Map<String, String> getLicenseState(Call call, Ref<Pool> self) {
    Snapshot state = store.snapshot();
    state.get(ApiModel.POOL, self);
    String edition =
        state
            .rows(ApiModel.HOST)
            .map(row -> row.record().edition())
            .min(String::compareTo)
            .orElse("");
    return Map.of("edition", edition, "expiry", Editions.EXPIRY);
  }

  /** Extensions are plugins of hosts, which host.call_plugin calls. */
  @Override
  public boolean hasExtension(Call call, Ref<Pool> self, String name) {
    Snapshot state = store.snapshot();
    state.get(ApiModel.POOL, self);
    return state
        .rows(ApiModel.HOST)
        .map(row -> UUID.fromString(row.record().uuid()))
        .allMatch(host -> plugins.offers(host, Audience.HOST, name));
  }
}

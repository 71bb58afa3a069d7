package io.keelson.control.metrics;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostStatistics;
import io.keelson.api.model.DataSource;
import io.keelson.api.model.Host;
import io.keelson.store.Store;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/** What is measured of a host, and what of it is recorded. */
final class HostStatisticsHandler implements HostStatistics {
  private static final double LONGEST_DELAY = Duration.ofDays(1).toSeconds();

  private final Store store;
  private final DataSources sources;
  private final MetricsRefresh refresh;

  HostStatisticsHandler(Store store, DataSources sources, MetricsRefresh refresh) {
    this.store = store;
    this.sources = sources;
    this.refresh = refresh;
  }

  @Override
  public Set<DataSource> getDataSources(Call call, Ref<Host> host) {
    return sources.all(owner(host));
  }

  @Override
  public double queryDataSource(Call call, Ref<Host> host, String dataSource) {
    return sources.value(owner(host), dataSource);
  }

  @Override
  public void recordDataSource(Call call, Ref<Host> host, String dataSource) {
    sources.record(owner(host), dataSource);
  }

  @Override
  public void forgetDataSourceArchives(Call call, Ref<Host> host, String dataSource) {
    sources.forget(owner(host), dataSource);
  }

  /** Of all hosts whose statistics are kept here. */
  @Override
  public void backupRrds(Call call, Ref<Host> host, double delay) {
    Owner _ = owner(host);
    if (!(delay >= 0 && delay <= LONGEST_DELAY)) {
      throw ApiErrors.invalidValue("delay", Double.toString(delay));
    }
    refresh.saveAfter(Duration.ofMillis(Math.round(delay * 1000)));
  }

  private Owner owner(Ref<Host> host) {
    String uuid = store.snapshot().get(ApiModel.HOST, host).uuid();
    return new Owner(Owner.Kind.HOST, UUID.fromString(uuid));
  }
}

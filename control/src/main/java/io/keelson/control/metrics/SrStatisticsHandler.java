package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.SrStatistics;
import io.keelson.api.model.DataSource;
import io.keelson.api.model.Sr;
import io.keelson.store.Store;
import java.util.Set;
import java.util.UUID;

/** What is measured of a repository, and what of it is recorded. */
final class SrStatisticsHandler implements SrStatistics {
  private final Store store;
  private final DataSources sources;

  SrStatisticsHandler(Store store, DataSources sources) {
    this.store = store;
    this.sources = sources;
  }

  @Override
  public Set<DataSource> getDataSources(Call call, Ref<Sr> sr) {
    return sources.all(owner(sr));
  }

  @Override
  public double queryDataSource(Call call, Ref<Sr> sr, String dataSource) {
    return sources.value(owner(sr), dataSource);
  }

  @Override
  public void recordDataSource(Call call, Ref<Sr> sr, String dataSource) {
    sources.record(owner(sr), dataSource);
  }

  @Override
  public void forgetDataSourceArchives(Call call, Ref<Sr> sr, String dataSource) {
    sources.forget(owner(sr), dataSource);
  }

  private Owner owner(Ref<Sr> sr) {
    String uuid = store.snapshot().get(ApiModel.SR, sr).uuid();
    return new Owner(Owner.Kind.SR, UUID.fromString(uuid));
  }
}

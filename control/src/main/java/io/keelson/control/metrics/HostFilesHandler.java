package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostFiles;
import io.keelson.api.model.Host;
import io.keelson.store.Store;
import java.time.Duration;

/** What hosts keep beside the database. */
record HostFilesHandler(Store store, MetricsRefresh refresh) implements HostFiles {

  /** Statistics are all that is not written at once. */
  @Override
  public void syncData(Call call, Ref<Host> host) {
    store.snapshot().get(ApiModel.HOST, host);
    refresh.saveAfter(Duration.ZERO);
  }
}

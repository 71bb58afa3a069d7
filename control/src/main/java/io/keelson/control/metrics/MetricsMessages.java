package io.keelson.control.metrics;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.HostFiles;
import io.keelson.api.messages.HostStatistics;
import io.keelson.api.messages.SrStatistics;
import io.keelson.api.messages.VmStatistics;
import io.keelson.store.Store;
import java.util.List;
import java.util.stream.Stream;

/** The messages about what is measured. */
public final class MetricsMessages {
  private MetricsMessages() {}

  /**
   * @param refresh what measures
   */
  public static List<BoundMessage> all(Store store, Statistics statistics, MetricsRefresh refresh) {
    DataSources sources = new DataSources(statistics, refresh::read);
    return Stream.of(
            VmStatistics.bind(new VmStatisticsHandler(store, sources)),
            HostStatistics.bind(new HostStatisticsHandler(store, sources, refresh)),
            HostFiles.bind(new HostFilesHandler(store, refresh)),
            SrStatistics.bind(new SrStatisticsHandler(store, sources)))
        .flatMap(List::stream)
        .toList();
  }
}

package io.keelson.control.metrics;

import io.keelson.api.ApiErrors;
import io.keelson.api.model.DataSource;
import io.keelson.api.model.DataSourceFields;
import io.keelson.control.metrics.rrd.Reading;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Data sources as messages have them, whatever object they are of. */
final class DataSources {
  private static final Logger LOG = LoggerFactory.getLogger(DataSources.class);

  private final Statistics statistics;
  private final Runnable measure;

  /**
   * @param measure measures everything now
   */
  DataSources(Statistics statistics, Runnable measure) {
    this.statistics = statistics;
    this.measure = measure;
  }

  /** What has just begun to be there is measured first. */
  void measureNew(Owner owner) {
    if (statistics.live(owner).isEmpty()) {
      measure.run();
    }
  }

  Set<DataSource> all(Owner owner) {
    Set<DataSource> all = new LinkedHashSet<>();
    for (Reading reading : statistics.readings(owner)) {
      boolean enabled = statistics.records(owner, reading);
      all.add(
          DataSourceFields.API_CLASS
              .blank()
              .with(b ->
                  b.nameLabel(reading.source().name())
                      .nameDescription(reading.source().description())
                      .enabled(enabled)
                      .standard(reading.source().standard())
                      .units(reading.source().units())
                      .min(reading.source().min())
                      .max(reading.source().max())
                      .value(reading.value())));
    }
    return all;
  }

  /** The value now: NaN for the rate of a counter that was read only once. */
  double value(Owner owner, String name) {
    return find(owner, name).value();
  }

  void record(Owner owner, String name) {
    Reading _ = find(owner, name);
    try {
      statistics.record(owner, name);
    } catch (IOException e) {
      throw notKept(owner, e);
    }
  }

  /** Also of a source that is measured no more, such as a drive's that was unplugged. */
  void forget(Owner owner, String name) {
    boolean recorded =
        statistics.dump(owner).stream()
            .flatMap(dump -> dump.sources().stream())
            .anyMatch(s -> s.source().name().equals(name));
    if (!recorded) {
      Reading _ = find(owner, name);
    }
    try {
      statistics.forget(owner, name);
    } catch (IOException e) {
      throw notKept(owner, e);
    }
  }

  private Reading find(Owner owner, String name) {
    return statistics
        .live(owner)
        .flatMap(live -> live.find(name))
        .orElseThrow(() -> ApiErrors.invalidValue("data_source", name));
  }

  private static RuntimeException notKept(Owner owner, IOException why) {
    LOG.error("the choice of what to record of {} cannot be kept", owner, why);
    return ApiErrors.internalError(
        List.of("the choice cannot be written to disk: " + why.getMessage()));
  }
}

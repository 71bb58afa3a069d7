package io.keelson.control.metrics;

import io.keelson.api.model.Sr;
import io.keelson.host.StorageSpace;
import java.util.List;

/** What is measured of a repository. */
final class SrMeasurements {
  private SrMeasurements() {}

  static List<Measurement> of(Sr sr, StorageSpace space) {
    return List.of(
        Measurement.gauge("size", "Space of the repository", "B", space.size()),
        Measurement.gauge("physical_utilisation", "Space that is taken up", "B", space.used()),
        Measurement.gauge(
            "virtual_allocation",
            "Space that the disks would take up if they were full",
            "B",
            sr.virtualAllocation()));
  }
}

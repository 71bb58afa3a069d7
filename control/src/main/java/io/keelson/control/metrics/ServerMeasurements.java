package io.keelson.control.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.keelson.api.ApiModel;
import io.keelson.store.Snapshot;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;

/** What is measured of this server; the names begin as those of the reference's server do. */
final class ServerMeasurements {
  private ServerMeasurements() {}

  static List<Measurement> of(Snapshot state) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    List<Measurement> all = new ArrayList<>();
    all.add(
        HostMeasurements.kib("xapi_memory_usage_kib", "Memory of the server", heap.getCommitted()));
    all.add(
        HostMeasurements.kib(
            "xapi_free_memory_kib",
            "Memory that the server has and does not use",
            heap.getCommitted() - heap.getUsed()));
    all.add(
        HostMeasurements.kib(
            "xapi_live_memory_kib", "Memory that the server uses", heap.getUsed()));
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      all.add(
          Measurement.gauge(
              "xapi_open_fds",
              "Files and connections that the server has open",
              "count",
              system.getOpenFileDescriptorCount()));
    }
    all.add(
        Measurement.gauge(
                "pool_session_count",
                "Sessions of the pool",
                "count",
                state.table(ApiModel.SESSION).size())
            .onRequest());
    all.add(
        Measurement.gauge(
                "pool_task_count", "Tasks of the pool", "count", state.table(ApiModel.TASK).size())
            .onRequest());
    return all;
  }
}

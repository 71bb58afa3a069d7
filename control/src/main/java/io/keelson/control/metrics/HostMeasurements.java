package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.control.vm.memory.MemoryCost;
import io.keelson.host.DiskUsage;
import io.keelson.host.Machine;
import io.keelson.host.Traffic;
import io.keelson.store.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is measured of a host, under the names that XenAPI's clients know. */
final class HostMeasurements {
  private static final double BYTES_PER_KIB = 1024;
  private static final int SHORT_UUID = 8;

  private HostMeasurements() {}

  static List<Measurement> machine(long memoryTotal, Machine.Load load) {
    List<Measurement> all = new ArrayList<>();
    List<Double> processors = load.processorUtilisation();
    for (int i = 0; i < processors.size(); i++) {
      all.add(Measurement.share("cpu" + i, "Use of processor " + i, processors.get(i)));
    }
    double mean = processors.stream().mapToDouble(d -> d).average().orElse(0);
    all.add(Measurement.share("cpu_avg", "Use of all processors", mean));
    all.add(
        Measurement.gauge(
            "loadavg", "Tasks that run or wait to run, in the last minute", "", load.runnable()));
    all.add(kib("memory_total_kib", "Memory of the host", memoryTotal));
    all.add(kib("memory_free_kib", "Memory that nothing uses", load.memoryFreeBytes()));
    return all;
  }

  /** Of each interface, and of all of them together. */
  static List<Measurement> interfaces(Map<String, Traffic> traffic) {
    List<Measurement> all = new ArrayList<>();
    long received = 0;
    long sent = 0;
    for (Map.Entry<String, Traffic> each : traffic.entrySet()) {
      String device = each.getKey();
      all.addAll(TrafficMeasurements.of("pif_" + device, "interface " + device, each.getValue()));
      received += each.getValue().receivedBytes();
      sent += each.getValue().sentBytes();
    }
    if (!traffic.isEmpty()) {
      all.add(TrafficMeasurements.bytes("pif_aggr_rx", "Bytes received in all", received));
      all.add(TrafficMeasurements.bytes("pif_aggr_tx", "Bytes sent in all", sent));
    }
    return all;
  }

  /** Of the VMs together that have a domain on the host. */
  static List<Measurement> vms(List<VmUsage> vms) {
    long processors = 0;
    long reclaimed = 0;
    long reclaimable = 0;
    for (VmUsage each : vms) {
      long memory = each.domain().memoryActualBytes();
      processors += each.domain().processorSeconds().size();
      reclaimed += Math.max(0, each.vm().memoryDynamicMax() - memory);
      reclaimable += Math.max(0, memory - MemoryCost.least(each.vm()));
    }
    return List.of(
        Measurement.gauge("running_domains", "VMs that run", "count", vms.size()),
        Measurement.gauge("running_vcpus", "Virtual processors of VMs", "count", processors),
        Measurement.gauge("memory_reclaimed", "Memory taken back from VMs", "B", reclaimed),
        Measurement.gauge(
            "memory_reclaimed_max", "Memory that could be taken back", "B", reclaimable));
  }

  /** What the host's VMs do on each repository. */
  static List<Measurement> repositories(
      Snapshot state, List<VmUsage> now, Map<Ref<Sr>, DiskUsage> before) {
    List<Measurement> all = new ArrayList<>();
    sums(state, now)
        .forEach((ref, sum) ->
            state
                .find(ApiModel.SR, ref)
                .ifPresent(sr -> {
                  String uuid = sr.uuid().substring(0, Math.min(SHORT_UUID, sr.uuid().length()));
                  all.addAll(
                      IoMeasurements.of(
                          measured -> measured + "_" + uuid,
                          "repository " + uuid,
                          Optional.ofNullable(before.get(ref)),
                          sum));
                }));
    return all;
  }

  /** What drives have done on each repository. */
  static Map<Ref<Sr>, DiskUsage> sums(Snapshot state, List<VmUsage> vms) {
    Map<Ref<Sr>, DiskUsage> sums = new HashMap<>();
    for (VmUsage each : vms) {
      each.disks()
          .forEach((number, vbd) ->
              state
                  .find(ApiModel.VDI, vbd.vdi())
                  .ifPresent(vdi ->
                      each.disk(number)
                          .ifPresent(use -> sums.merge(vdi.sr(), use, IoMeasurements::sum))));
    }
    return sums;
  }

  static Measurement kib(String name, String description, long bytes) {
    return Measurement.gauge(name, description, "KiB", bytes / BYTES_PER_KIB);
  }
}

package io.keelson.host;

import java.util.List;
import java.util.Map;

/**
 * What a domain uses at one moment.
 *
 * @param memoryActualBytes what the guest has, its balloon considered
 * @param processorSeconds seconds of processor time used since it started, a virtual processor each
 * @param disks by device number, those of which the hypervisor tells
 */
public record DomainUsage(
    long memoryActualBytes, List<Double> processorSeconds, Map<Integer, DiskUsage> disks) {
  public DomainUsage {
    processorSeconds = List.copyOf(processorSeconds);
    disks = Map.copyOf(disks);
  }
}

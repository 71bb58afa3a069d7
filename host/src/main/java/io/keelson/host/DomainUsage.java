package io.keelson.host;

import java.util.List;

/**
 * What a domain uses at one moment.
 *
 * @param memoryActualBytes what the guest has, its balloon considered
 * @param processorSeconds seconds of processor time used since it started, a virtual processor each
 */
public record DomainUsage(long memoryActualBytes, List<Double> processorSeconds) {
  public DomainUsage {
    processorSeconds = List.copyOf(processorSeconds);
  }
}

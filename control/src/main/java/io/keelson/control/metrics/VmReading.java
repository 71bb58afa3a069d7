package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.VmMetrics;
import io.keelson.host.DomainUsage;
import io.keelson.store.Overlay;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a VM uses.
 *
 * @param utilisation of its processors since the reading before, 0 to 1
 */
record VmReading(Ref<VmMetrics> metrics, long memoryActual, Map<Long, Double> utilisation)
    implements Reading {

  /**
   * @param before the usage a while ago; the same as now for a first reading
   * @param seconds between the two
   */
  static VmReading of(Ref<VmMetrics> metrics, DomainUsage before, DomainUsage now, double seconds) {
    Map<Long, Double> utilisation = new HashMap<>();
    List<Double> used = now.processorSeconds();
    for (int i = 0; i < used.size(); i++) {
      double earlier =
          i < before.processorSeconds().size() ? before.processorSeconds().get(i) : used.get(i);
      double share = seconds > 0 ? (used.get(i) - earlier) / seconds : 0;
      utilisation.put((long) i, Math.round(Math.clamp(share, 0, 1) * 100) / 100.0);
    }
    return new VmReading(metrics, now.memoryActualBytes(), Map.copyOf(utilisation));
  }

  /** An idle VM, whose values stay, troubles no watcher. */
  @Override
  public void write(Overlay overlay, Instant now) {
    boolean same =
        overlay
            .find(ApiModel.VM_METRICS, metrics)
            .filter(m -> m.memoryActual() == memoryActual)
            .filter(m -> m.vcpusUtilisation().equals(utilisation))
            .isPresent();
    if (!same) {
      overlay.set(
          ApiModel.VM_METRICS,
          metrics,
          m ->
              m.with(b ->
                  b.memoryActual(memoryActual).vcpusUtilisation(utilisation).lastUpdated(now)));
    }
  }
}

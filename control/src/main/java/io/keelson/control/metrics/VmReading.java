package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.VmMetrics;
import io.keelson.store.Overlay;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What a VM uses.
 *
 * @param utilisation of its processors since the reading before, 0 to 1
 */
record VmReading(Ref<VmMetrics> metrics, long memoryActual, Map<Long, Double> utilisation)
    implements Shown {

  static VmReading of(Ref<VmMetrics> metrics, long memoryActual, int processors, Live live) {
    Map<Long, Double> utilisation = new HashMap<>();
    for (int i = 0; i < processors; i++) {
      utilisation.put((long) i, Rounded.of(live.value(VmMeasurements.PROCESSOR + i)));
    }
    return new VmReading(metrics, memoryActual, Map.copyOf(utilisation));
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

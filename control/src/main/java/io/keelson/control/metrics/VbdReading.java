package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.VbdMetrics;
import io.keelson.store.Overlay;
import java.time.Instant;

/** What a VM reads from a drive and writes to it, in KiB/s. */
record VbdReading(Ref<VbdMetrics> metrics, double readKbs, double writeKbs) implements Shown {
  @Override
  public void write(Overlay overlay, Instant now) {
    if (overlay.find(ApiModel.VBD_METRICS, metrics).filter(this::same).isEmpty()) {
      overlay.set(
          ApiModel.VBD_METRICS,
          metrics,
          m -> m.with(b -> b.ioReadKbs(readKbs).ioWriteKbs(writeKbs).lastUpdated(now)));
    }
  }

  private boolean same(VbdMetrics shown) {
    return shown.ioReadKbs() == readKbs
        && shown.ioWriteKbs() == writeKbs
        && shown.lastUpdated().isAfter(Instant.EPOCH);
  }
}

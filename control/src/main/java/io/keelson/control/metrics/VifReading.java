package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.VifMetrics;
import io.keelson.store.Overlay;
import java.time.Instant;

/** What a VM gets from a network and sends to it, in KiB/s. */
record VifReading(Ref<VifMetrics> metrics, double readKbs, double writeKbs) implements Shown {
  @Override
  public void write(Overlay overlay, Instant now) {
    if (overlay.find(ApiModel.VIF_METRICS, metrics).filter(this::same).isEmpty()) {
      overlay.set(
          ApiModel.VIF_METRICS,
          metrics,
          m -> m.with(b -> b.ioReadKbs(readKbs).ioWriteKbs(writeKbs).lastUpdated(now)));
    }
  }

  private boolean same(VifMetrics shown) {
    return shown.ioReadKbs() == readKbs
        && shown.ioWriteKbs() == writeKbs
        && shown.lastUpdated().isAfter(Instant.EPOCH);
  }
}

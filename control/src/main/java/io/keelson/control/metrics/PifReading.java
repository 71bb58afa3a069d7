package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.PifMetrics;
import io.keelson.store.Overlay;
import java.time.Instant;

/** Whether an interface of a host has a link, and what it carries, in KiB/s. */
record PifReading(Ref<PifMetrics> metrics, boolean carrier, double readKbs, double writeKbs)
    implements Shown {
  @Override
  public void write(Overlay overlay, Instant now) {
    if (overlay.find(ApiModel.PIF_METRICS, metrics).filter(this::same).isEmpty()) {
      overlay.set(
          ApiModel.PIF_METRICS,
          metrics,
          m ->
              m.with(b ->
                  b.carrier(carrier).ioReadKbs(readKbs).ioWriteKbs(writeKbs).lastUpdated(now)));
    }
  }

  private boolean same(PifMetrics shown) {
    return shown.carrier() == carrier
        && shown.ioReadKbs() == readKbs
        && shown.ioWriteKbs() == writeKbs
        && shown.lastUpdated().isAfter(Instant.EPOCH);
  }
}

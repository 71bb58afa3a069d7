package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.store.Overlay;
import java.time.Instant;

/** That a host does not answer. */
record SilentHost(Ref<Host> host) implements Shown {
  @Override
  public void write(Overlay overlay, Instant now) {
    overlay
        .find(ApiModel.HOST, host)
        .ifPresent(record ->
            overlay.set(ApiModel.HOST_METRICS, record.metrics(), m -> m.with(b -> b.live(false))));
  }
}

package io.keelson.control.metrics;

import io.keelson.store.Overlay;
import java.time.Instant;

/** Values read from a host, to be shown. */
interface Shown {
  void write(Overlay overlay, Instant now);
}

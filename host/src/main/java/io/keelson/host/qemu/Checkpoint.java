package io.keelson.host.qemu;

import io.keelson.host.DiskSource;
import io.keelson.host.Progress;
import java.nio.file.Path;
import java.util.Map;

/**
 * Keeps a machine's memory and what is on its disks, both of one instant: the processors stand
 * still while the disks are switched and the memory is written, and then go on. The domain's lock
 * is held.
 *
 * <p>The disks come first: when the memory has been written QEMU has let go of them.
 */
final class Checkpoint {
  private final LiveDomain domain;

  Checkpoint(LiveDomain domain) {
    this.domain = domain;
  }

  void take(Path image, Map<Integer, DiskSource> overlays, Progress progress) {
    domain.requireUsable();
    try (Standstill _ = Standstill.of(domain)) {
      if (!overlays.isEmpty()) {
        new Hotplug(domain).switchDisks(overlays);
      }
      new Suspension(domain).write(image, progress);
    }
  }
}

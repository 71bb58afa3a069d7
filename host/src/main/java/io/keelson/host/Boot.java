package io.keelson.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How a machine starts. */
public sealed interface Boot {
  /** By firmware, trying the kinds of device in order. */
  record Firmware(List<Device> order) implements Boot {
    public Firmware {
      order = List.copyOf(order);
    }
  }

  /** A kernel that the host loads itself. */
  record Kernel(Path kernel, Optional<Path> ramdisk, String arguments) implements Boot {}

  /** A kind of device the firmware can boot. */
  enum Device {
    DISK,
    CD,
    NETWORK
  }
}

package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads a PBD's device_config. */
final class DeviceConfig {
  private DeviceConfig() {}

  /** The folder that {@code location} names. Raises INVALID when it is not an absolute path. */
  static Optional<Path> location(Map<String, String> config) {
    String text = config.getOrDefault("location", "");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(path("location", text));
  }

  /** An absolute path. Raises INVALID for other texts. */
  static Path path(String key, String text) {
    try {
      Path path = Path.of(text);
      if (path.isAbsolute()) {
        return path.normalize();
      }
    } catch (InvalidPathException e) {
      throw new DriverException(Reason.INVALID, key + " is no path: " + e.getReason(), e);
    }
    throw new DriverException(Reason.INVALID, key + " is not absolute: " + text);
  }
}

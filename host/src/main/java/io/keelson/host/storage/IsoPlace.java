package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.StorageFault;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the folder of an ISO library lies: on the host, or on an NFS or SMB server. */
record IsoPlace(NfsExports exports, SmbShare shares) {
  private static final Pattern EXPORT = Pattern.compile("([0-9A-Za-z._-]+):(/.*)");

  Path open(UUID sr, Map<String, String> config) {
    String location = config.getOrDefault("location", "");
    if (location.isEmpty()) {
      throw DriverException.of(StorageFault.ISO_LOCATION_MISSING, "");
    }
    String type = config.getOrDefault("type", usual(location));
    return switch (type) {
      case "" -> DeviceConfig.path("location", location);
      case "nfs_iso" -> export(sr, location, config);
      case "cifs" -> shares.open(sr, location, config, config.getOrDefault("cifspassword", ""));
      default -> throw DriverException.of(StorageFault.ISO_MOUNT, "type " + type + " is not known");
    };
  }

  private static String usual(String location) {
    if (location.startsWith("//") || location.startsWith("\\\\")) {
      return "cifs";
    }
    return location.startsWith("/") ? "" : "nfs_iso";
  }

  private Path export(UUID sr, String location, Map<String, String> config) {
    Matcher matcher = EXPORT.matcher(location);
    if (!matcher.matches()) {
      throw DriverException.of(StorageFault.ISO_LOCATION, location);
    }
    return exports.open(sr, matcher.group(1), matcher.group(2), config);
  }

  void close(UUID sr) {
    exports.close(sr);
    shares.close(sr);
  }
}

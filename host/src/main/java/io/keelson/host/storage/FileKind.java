package io.keelson.host.storage;

import io.keelson.host.StorageKind;
import java.util.Map;

/** What the kind {@code file} is and can do. */
final class FileKind {
  static final StorageKind KIND =
      new StorageKind(
          "file",
          "Local file storage",
          "Thin qcow2 disks of up to 64 TiB in a folder of a local file system",
          "user",
          Map.ofEntries(
              Map.entry("SR_PROBE", 1),
              Map.entry("SR_ATTACH", 1),
              Map.entry("SR_DETACH", 1),
              Map.entry("SR_SCAN", 1),
              Map.entry("SR_UPDATE", 1),
              Map.entry("VDI_CREATE", 1),
              Map.entry("VDI_DELETE", 1),
              Map.entry("VDI_ATTACH", 1),
              Map.entry("VDI_DETACH", 1),
              Map.entry("VDI_CLONE", 1),
              Map.entry("VDI_SNAPSHOT", 1),
              Map.entry("VDI_RESIZE", 1),
              Map.entry("VDI_RESIZE_ONLINE", 1),
              Map.entry("VDI_RESET_ON_BOOT", 2),
              Map.entry("THIN_PROVISIONING", 1)),
          Map.of("location", "absolute path of the folder; a folder of its own when absent"));

  private FileKind() {}
}

package io.keelson.host.storage;

import io.keelson.host.StorageKind;
import java.util.Map;

/** What the kinds are that keep qcow2 images in a folder; they can all do the same. */
final class FolderKinds {
  private static final Map<String, Integer> FEATURES =
      Map.ofEntries(
          Map.entry("SR_PROBE", 1),
          Map.entry("SR_ATTACH", 1),
          Map.entry("SR_DETACH", 1),
          Map.entry("SR_SCAN", 1),
          Map.entry("SR_UPDATE", 1),
          Map.entry("VDI_CREATE", 1),
          Map.entry("VDI_INTRODUCE", 1),
          Map.entry("VDI_MIRROR", 1),
          Map.entry("VDI_DELETE", 1),
          Map.entry("VDI_ATTACH", 1),
          Map.entry("VDI_DETACH", 1),
          Map.entry("VDI_CLONE", 1),
          Map.entry("VDI_SNAPSHOT", 1),
          Map.entry("VDI_RESIZE", 1),
          Map.entry("VDI_RESIZE_ONLINE", 1),
          Map.entry("VDI_RESET_ON_BOOT", 2),
          Map.entry("THIN_PROVISIONING", 1));

  static final StorageKind FILE =
      kind(
          "file",
          "Local file storage",
          "Thin qcow2 disks of up to 64 TiB in a folder of a local file system",
          Map.of("location", "absolute path of the folder; a folder of its own when absent"));

  static final StorageKind EXT =
      kind(
          "ext",
          "Local storage on a device",
          "Thin qcow2 disks of up to 64 TiB on a block device, which is formatted with ext4",
          Map.of("device", "path of the block device"));

  static final StorageKind NFS =
      kind(
          "nfs",
          "NFS storage",
          "Thin qcow2 disks of up to 64 TiB in a folder of an NFS server",
          Map.of(
              "server", "name or address of the server",
              "serverpath", "path of the export",
              "options", "mount options for the kernel's client",
              "nfsversion", "3, 4, 4.0 or 4.1; without the kernel's client only 3"));

  private FolderKinds() {}

  private static StorageKind kind(
      String type, String name, String description, Map<String, String> configuration) {
    return new StorageKind(type, name, description, "user", FEATURES, configuration);
  }
}

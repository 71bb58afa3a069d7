package io.keelson.host.storage;

import io.keelson.host.Storage;
import io.keelson.host.StorageKind;
import java.util.HashMap;
import java.util.Map;

/** What the kinds are that keep qcow2 images in a folder; they can all do the same. */
final class FolderKinds {
  /** The feature of kinds that are local: {@link Storage#keepReads}. */
  static final String KEEPS_READS = "SR_SUPPORTS_LOCAL_CACHING";

  private static final Map<String, Integer> FEATURES =
      StorageKind.features(
          "SR_PROBE",
          "SR_ATTACH",
          "SR_DETACH",
          "SR_SCAN",
          "SR_UPDATE",
          "SR_METADATA",
          "VDI_CREATE",
          "VDI_INTRODUCE",
          "VDI_MIRROR",
          "VDI_DELETE",
          "VDI_ATTACH",
          "VDI_DETACH",
          "VDI_CLONE",
          "VDI_SNAPSHOT",
          "VDI_RESIZE",
          "VDI_RESIZE_ONLINE",
          "VDI_RESET_ON_BOOT/2",
          "THIN_PROVISIONING");

  static final StorageKind FILE =
      local(
          "file",
          "Local file storage",
          "Thin qcow2 disks of up to 64 TiB in a folder of a local file system",
          Map.of("location", "absolute path of the folder; a folder of its own when absent"));

  static final StorageKind EXT =
      local(
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

  static final StorageKind SMB =
      kind(
          "smb",
          "SMB storage",
          "Thin qcow2 disks of up to 64 TiB in a folder of an SMB server",
          Map.of(
              "server", "the share: //SERVER/SHARE or //SERVER/SHARE/FOLDER",
              "username", "who asks; DOMAIN\\\\NAME for one of a domain, a guest when absent",
              "password", "kept as a secret, password_secret"));

  private FolderKinds() {}

  private static StorageKind local(
      String type, String name, String description, Map<String, String> configuration) {
    Map<String, Integer> features = new HashMap<>(FEATURES);
    features.put(KEEPS_READS, 1);
    return new StorageKind(type, name, description, "user", features, configuration);
  }

  private static StorageKind kind(
      String type, String name, String description, Map<String, String> configuration) {
    return new StorageKind(type, name, description, "user", FEATURES, configuration);
  }
}

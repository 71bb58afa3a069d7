package io.keelson.host.storage;

import io.keelson.host.DiskSource;
import io.keelson.host.Progress;
import io.keelson.host.StorageKind;
import io.keelson.host.Volume;
import java.util.Map;
import java.util.UUID;

/** Storage whose volumes somebody else makes: they are found, and used as they are. */
interface FixedVolumes extends UnsharedVolumes {
  /** What all such kinds can do. */
  Map<String, Integer> FEATURES =
      StorageKind.features(
          "SR_PROBE",
          "SR_ATTACH",
          "SR_DETACH",
          "SR_SCAN",
          "SR_UPDATE",
          "VDI_INTRODUCE",
          "VDI_ATTACH",
          "VDI_DETACH",
          "VDI_UPDATE");

  @Override
  default Volume createVolume(UUID host, UUID sr, UUID vdi, long virtualSizeBytes) {
    throw unsupported("making volumes");
  }

  @Override
  default void destroyVolume(UUID host, UUID sr, UUID vdi) {
    throw unsupported("destroying volumes");
  }

  @Override
  default Volume resize(UUID host, UUID sr, UUID vdi, long virtualSizeBytes) {
    throw unsupported("resizing volumes");
  }

  @Override
  default Volume copyVolume(UUID host, DiskSource from, UUID toSr, UUID copy, Progress progress) {
    throw unsupported("making volumes");
  }
}

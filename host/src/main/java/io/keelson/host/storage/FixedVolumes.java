package io.keelson.host.storage;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.Storage;
import io.keelson.host.StorageKind;
import io.keelson.host.Volume;
import io.keelson.host.VolumeBytes;
import io.keelson.host.nbd.NbdVolume;
import java.util.Map;
import java.util.UUID;

/** Storage whose volumes somebody else makes: they are found, and used as they are. */
interface FixedVolumes extends Storage {
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
  default Fork fork(UUID host, UUID sr, UUID vdi, UUID copy, boolean live) {
    throw unsupported("cloning volumes");
  }

  @Override
  default void undoFork(UUID host, UUID sr, UUID vdi, UUID copy) {
    throw unsupported("cloning volumes");
  }

  @Override
  default Volume copyVolume(UUID host, DiskSource from, UUID toSr, UUID copy, Progress progress) {
    throw unsupported("making volumes");
  }

  @Override
  default VolumeBytes bytes(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    return NbdVolume.open(open(host, sr, vdi, readOnly), readOnly);
  }

  private DriverException unsupported(String what) {
    return new DriverException(
        Reason.UNSUPPORTED, "a repository of type " + kind().type() + " does not allow " + what);
  }
}

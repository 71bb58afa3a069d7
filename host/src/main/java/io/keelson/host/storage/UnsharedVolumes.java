package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Storage;
import io.keelson.host.VolumeBytes;
import io.keelson.host.nbd.NbdVolume;
import java.util.UUID;

/** Storage whose volumes share nothing with each other, so that none can be forked. */
interface UnsharedVolumes extends Storage {

  @Override
  default Fork fork(UUID host, UUID sr, UUID vdi, UUID copy, boolean live) {
    throw unsupported("cloning volumes");
  }

  @Override
  default void undoFork(UUID host, UUID sr, UUID vdi, UUID copy) {
    throw unsupported("cloning volumes");
  }

  @Override
  default VolumeBytes bytes(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    return NbdVolume.open(open(host, sr, vdi, readOnly), readOnly);
  }

  /** What a kind that does not do something raises. */
  default DriverException unsupported(String what) {
    return new DriverException(
        Reason.UNSUPPORTED, "a repository of type " + kind().type() + " does not allow " + what);
  }
}

package io.keelson.control.storage;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiType;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Snapshot;
import java.util.Optional;
import java.util.UUID;

/** Opens disks whose bytes are the server's own. */
final class OwnDisks {
  private OwnDisks() {}

  /** That the pool itself uses a disk, whose end it would not survive. */
  static Optional<ApiError> inUse(Snapshot state, Ref<Vdi> ref, Vdi vdi) {
    return switch (vdi.type()) {
      case HA_STATEFILE, REDO_LOG -> OnlyPool.find(state).flatMap(p -> inUse(p, ref, vdi));
      case SYSTEM, USER, EPHEMERAL, SUSPEND, CRASHDUMP, METADATA, RRD -> Optional.empty();
    };
  }

  private static Optional<ApiError> inUse(Pool pool, Ref<Vdi> ref, Vdi vdi) {
    if (pool.redoLogEnabled() && pool.redoLogVdi().equals(ref)) {
      return Optional.of(ApiErrors.redoLogIsEnabled());
    }
    boolean ofHa =
        pool.haStatefiles().contains(ref.text())
            || (vdi.type() == VdiType.REDO_LOG
                && !vdi.metadataOfPool().isNull()
                && !pool.redoLogVdi().equals(ref));
    return pool.haEnabled() && ofHa ? Optional.of(ApiErrors.haIsEnabled()) : Optional.empty();
  }

  /** From any host that reaches the disk's repository. */
  static VolumeData open(StorageDrivers drivers, Snapshot state, Ref<Vdi> ref, boolean readOnly) {
    Vdi vdi = state.get(ApiModel.VDI, ref);
    return open(drivers, SrAccess.anywhere(state, vdi.sr()), Volumes.id(vdi), readOnly);
  }

  static VolumeData open(StorageDrivers drivers, SrAccess at, UUID volume, boolean readOnly) {
    return new VolumeData(
        drivers.with(at, driver -> driver.bytes(at.host(), at.sr(), volume, readOnly)));
  }
}

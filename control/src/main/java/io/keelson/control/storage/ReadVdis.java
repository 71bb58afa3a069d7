package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiOperations;
import io.keelson.control.operation.Claims;
import io.keelson.image.SparseSource;
import io.keelson.store.Transaction;
import java.util.UUID;

/** Disks that are read by the server while nobody writes them. */
public record ReadVdis(StorageDrivers drivers) {

  /** A disk that is claimed. */
  public record Claimed(SrAccess at, UUID volume) {}

  /**
   * Claims a disk as for a copy.
   *
   * @throws io.keelson.api.ApiError VDI_IN_USE, OTHER_OPERATION_IN_PROGRESS, SR_NO_PBDS and more
   */
  public static Claimed claim(Transaction tx, Claims claims, Ref<Vdi> ref) {
    VdiRules.check(tx, ref, VdiOperations.COPY);
    claims.add(ApiModel.VDI, ref, VdiFields.CURRENT_OPERATIONS, VdiOperations.COPY);
    Vdi vdi = tx.get(ApiModel.VDI, ref);
    return new Claimed(SrAccess.anywhere(tx, vdi.sr()), Volumes.id(vdi));
  }

  /** The disk's bytes. */
  public SparseSource open(Claimed disk) {
    SrAccess at = disk.at();
    return new VolumeData(
        drivers.with(at, driver -> driver.bytes(at.host(), at.sr(), disk.volume(), true)));
  }

  /** The disk's bytes, to be compared with another's of its repository. */
  SparseSource openBeside(Claimed disk, Claimed other) {
    SrAccess at = disk.at();
    return new VolumeData(
        drivers.with(
            at, driver -> driver.bytesBeside(at.host(), at.sr(), disk.volume(), other.volume())));
  }
}

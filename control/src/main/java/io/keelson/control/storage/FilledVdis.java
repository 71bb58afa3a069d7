package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnBoot;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.Vdi;
import io.keelson.control.operation.Claims;
import io.keelson.host.Volume;
import io.keelson.image.SparseTarget;
import io.keelson.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** New disks that the server fills itself. */
public record FilledVdis(StorageDrivers drivers) {
  private static final Logger LOG = LoggerFactory.getLogger(FilledVdis.class);

  /** A disk to be made. */
  public record Planned(SrAccess at, Ref<Vdi> vdi, UUID volume, Vdi record) {
    /** The same disk under another record. */
    public Planned as(Vdi other) {
      return new Planned(at, vdi, volume, other);
    }
  }

  /**
   * Claims the making of disks.
   *
   * @param wanted their records, each with its repository and size
   * @throws io.keelson.api.ApiError OTHER_OPERATION_IN_PROGRESS, SR_NO_PBDS,
   *     SR_OPERATION_NOT_SUPPORTED, VDI_TOO_LARGE, INVALID_VALUE
   */
  public static List<Planned> claim(Transaction tx, Claims claims, List<Vdi> wanted) {
    wanted.stream()
        .map(Vdi::sr)
        .distinct()
        .forEach(sr -> {
          SrRules.check(tx, sr, StorageOperations.VDI_CREATE);
          claims.add(ApiModel.SR, sr, SrFields.CURRENT_OPERATIONS, StorageOperations.VDI_CREATE);
        });
    List<Planned> planned = new ArrayList<>();
    for (Vdi vdi : wanted) {
      CreateVdi.checkSize(vdi.virtualSize());
      SrAccess at = SrAccess.anywhere(tx, vdi.sr());
      planned.add(new Planned(at, Ref.fresh(), claims.name(), vdi));
    }
    return planned;
  }

  /** Makes a disk of zeroes. */
  public Volume make(Planned disk) {
    SrAccess at = disk.at();
    long size = disk.record().virtualSize();
    return drivers.with(
        at, size, driver -> driver.createVolume(at.host(), at.sr(), disk.volume(), size));
  }

  /** The bytes of a disk that was made. */
  public SparseTarget open(Planned disk) {
    SrAccess at = disk.at();
    return new VolumeData(
        drivers.with(at, driver -> driver.bytes(at.host(), at.sr(), disk.volume(), false)));
  }

  /** A disk that was filled, as it is to be written down. */
  public MadeVdi made(Planned disk) {
    SrAccess at = disk.at();
    Volume volume = drivers.with(at, driver -> driver.describe(at.host(), at.sr(), disk.volume()));
    return new MadeVdi(disk.vdi(), volume, drivers.space(at));
  }

  /** Writes a disk down. */
  public static void settle(Transaction tx, Planned disk, MadeVdi made) {
    Vdi record =
        disk.record()
            .with(b ->
                b.uuid(disk.volume().toString())
                    .managed(true)
                    .missing(false)
                    .onBoot(OnBoot.PERSIST)
                    .currentOperations(Map.of()));
    tx.create(ApiModel.VDI, disk.vdi(), Volumes.described(record, made.volume()));
    SrSpace.changed(tx, disk.at().ref(), made.space(), made.volume().virtualSize());
  }

  /** Destroys what was made, the last first. */
  public void revert(List<Planned> disks) {
    for (Planned disk : disks.reversed()) {
      try {
        drivers.destroy(disk.at(), disk.volume());
      } catch (RuntimeException e) {
        LOG.warn("a disk that is not needed any more stays: {}", disk.volume(), e);
      }
    }
  }
}

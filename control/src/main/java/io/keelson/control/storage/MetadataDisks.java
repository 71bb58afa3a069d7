package io.keelson.control.storage;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiType;
import io.keelson.control.Resources;
import io.keelson.host.DriverException;
import io.keelson.host.Volume;
import io.keelson.host.VolumeBytes;
import io.keelson.image.database.DatabaseDisk;
import io.keelson.image.database.DatabaseHead;
import io.keelson.image.database.RedoDisk;
import io.keelson.store.Snapshot;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Disks that hold copies of a pool's database. */
public final class MetadataDisks {
  /** What drivers say that can hold copies of the database. */
  public static final String FEATURE = "SR_METADATA";

  private static final Logger LOG = LoggerFactory.getLogger(MetadataDisks.class);
  private static final String NAME = "Metadata for DR";
  private static final String DESCRIPTION = "Used for disaster recovery";

  private final StorageParts parts;

  public MetadataDisks(Resources resources) {
    this.parts = StorageParts.of(resources);
  }

  /**
   * That a repository can hold copies of the database: every host reaches it, and its driver can.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID, SR_NO_PBDS, SR_OPERATION_NOT_SUPPORTED
   */
  public static void requireSupport(Snapshot state, Ref<Sr> ref) {
    SrRules.requireEverywhere(state, ref, FEATURE);
  }

  /** The disks in a repository that hold, or are to hold, copies of the pool's own database. */
  public static List<Ref<Vdi>> own(Snapshot state, Ref<Sr> sr, Ref<Pool> pool) {
    return state.get(ApiModel.SR, sr).vdis().stream()
        .filter(vdi -> {
          Vdi record = state.get(ApiModel.VDI, vdi);
          return record.type() == VdiType.METADATA && record.metadataOfPool().equals(pool);
        })
        .sorted((a, b) -> a.text().compareTo(b.text()))
        .toList();
  }

  /** Makes an empty disk for copies. */
  public Ref<Vdi> create(Call call, Ref<Sr> sr, Ref<Pool> pool) {
    Vdi wanted =
        described(VdiFields.API_CLASS.blank())
            .with(b -> b.sr(sr).metadataOfPool(pool).virtualSize(DatabaseDisk.SIZE));
    return parts.make(call, new CreateVdi(parts.drivers(), wanted), MadeVdi::vdi);
  }

  public void destroy(Call call, Ref<Vdi> vdi) {
    parts.run(call, new DestroyVdi(parts.drivers(), vdi));
  }

  /** The record of a disk that holds copies. */
  private static Vdi described(Vdi vdi) {
    return vdi.with(
        b -> b.type(VdiType.METADATA).nameLabel(NAME).nameDescription(DESCRIPTION).managed(true));
  }

  /** Adds a copy to a disk. */
  public void write(Snapshot state, Ref<Vdi> vdi, UUID pool, Instant time, Path copy) {
    with(
        state,
        vdi,
        false,
        disk -> {
          try (InputStream in = Files.newInputStream(copy)) {
            DatabaseDisk.write(disk, pool, time, in);
            return true;
          }
        });
  }

  /** Reads the newest copy on a disk into a file; empty when there is none. */
  public Optional<DatabaseHead> read(Snapshot state, Ref<Vdi> vdi, Path copy) {
    return with(
        state,
        vdi,
        true,
        disk -> {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(copy))) {
            return DatabaseDisk.read(disk, out);
          }
        });
  }

  /** What a disk says of its newest copy. */
  public Optional<DatabaseHead> look(Snapshot state, Ref<Vdi> vdi) {
    return with(state, vdi, true, DatabaseDisk::look);
  }

  @FunctionalInterface
  private interface Work<T> {
    T on(VolumeData disk) throws IOException;
  }

  private <T> T with(Snapshot state, Ref<Vdi> ref, boolean readOnly, Work<T> work) {
    Vdi vdi = state.get(ApiModel.VDI, ref);
    SrAccess at = SrAccess.anywhere(state, vdi.sr());
    return with(parts.drivers(), at, Volumes.id(vdi), readOnly, work);
  }

  private static <T> T with(
      StorageDrivers drivers, SrAccess at, UUID volume, boolean readOnly, Work<T> work) {
    return drivers.with(
        at,
        driver -> {
          try (VolumeBytes bytes = driver.bytes(at.host(), at.sr(), volume, readOnly)) {
            return work.on(new VolumeData(bytes));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /**
   * Which of the volumes hold copies of databases, and of which pools. Only those are looked at
   * whose size says that they may.
   */
  static Map<UUID, UUID> among(StorageDrivers drivers, SrAccess at, SrScan found) {
    Map<UUID, UUID> pools = new HashMap<>();
    found.volumes().stream()
        .filter(v -> v.virtualSize() == DatabaseDisk.SIZE || v.virtualSize() == RedoDisk.SIZE)
        .forEach(volume -> {
          try {
            pool(drivers, at, volume).ifPresent(pool -> pools.put(volume.vdi(), pool));
          } catch (ApiError | DriverException | UncheckedIOException e) {
            LOG.debug("volume {} cannot be looked at now", volume.vdi(), e);
          }
        });
    return pools;
  }

  private static Optional<UUID> pool(StorageDrivers drivers, SrAccess at, Volume volume) {
    return volume.virtualSize() == RedoDisk.SIZE
        ? RedoDisks.pool(drivers, at, volume.vdi())
        : with(drivers, at, volume.vdi(), true, DatabaseDisk::look).map(DatabaseHead::pool);
  }

  /** The record of a disk that was found, and holds that pool's database. */
  static Vdi found(Snapshot state, Vdi vdi, UUID pool) {
    if (vdi.virtualSize() == RedoDisk.SIZE) {
      return RedoDisks.found(state, vdi, pool);
    }
    Ref<Pool> ours = state.table(ApiModel.POOL).byUuid(pool.toString()).orElse(Ref.none());
    return described(vdi).with(b -> b.metadataOfPool(ours).metadataLatest(ours.isNull()));
  }
}

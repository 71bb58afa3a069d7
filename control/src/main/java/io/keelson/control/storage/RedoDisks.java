package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiType;
import io.keelson.control.Resources;
import io.keelson.control.rules.OnlyPool;
import io.keelson.host.DriverException;
import io.keelson.image.database.DatabaseHead;
import io.keelson.image.database.RedoDisk;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Disks that every change of the database goes to. */
public final class RedoDisks {
  private final StorageParts parts;

  public RedoDisks(Resources resources) {
    this.parts = StorageParts.of(resources);
  }

  /**
   * That a repository can hold such a disk: every host reaches it, and its driver makes disks.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID, SR_NO_PBDS, SR_OPERATION_NOT_SUPPORTED
   */
  public static void requireSupport(Snapshot state, Ref<Sr> sr) {
    SrRules.requireNewDisksEverywhere(state, sr);
  }

  /** Makes an empty disk. */
  public Ref<Vdi> create(Call call, Ref<Sr> sr, Ref<Pool> pool, String name) {
    Vdi wanted =
        VdiFields.API_CLASS
            .blank()
            .with(b ->
                b.type(VdiType.REDO_LOG)
                    .nameLabel(name)
                    .nameDescription("Every change of the pool's database")
                    .sr(sr)
                    .metadataOfPool(pool)
                    .virtualSize(RedoDisk.SIZE));
    return parts.make(call, new CreateVdi(parts.drivers(), wanted), MadeVdi::vdi);
  }

  /** The disk that HA has made for itself: the pool's, and not the one that its record names. */
  public static Optional<Ref<Vdi>> ofHa(Snapshot state) {
    Row<Pool> pool = OnlyPool.row(state);
    return state
        .rows(ApiModel.VDI)
        .filter(row -> row.record().type() == VdiType.REDO_LOG)
        .filter(row -> row.record().metadataOfPool().equals(pool.ref()))
        .<Ref<Vdi>>map(Row::ref)
        .filter(vdi -> !vdi.equals(pool.record().redoLogVdi()))
        .findFirst();
  }

  public void destroy(Call call, Ref<Vdi> vdi) {
    parts.run(call, new DestroyVdi(parts.drivers(), vdi));
  }

  /** Opens a disk for writing, until it is closed. */
  public Open open(Snapshot state, Ref<Vdi> vdi) {
    return new Open(OwnDisks.open(parts.drivers(), state, vdi, false));
  }

  /**
   * Reads a disk.
   *
   * @param base file that takes what the changes are made to
   */
  public Optional<RedoDisk.Found> read(Snapshot state, Ref<Vdi> vdi, Path base) throws IOException {
    try (VolumeData disk = OwnDisks.open(parts.drivers(), state, vdi, true);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(base))) {
      return RedoDisk.read(disk, out);
    }
  }

  /** Which pool's changes a disk has. */
  public Optional<DatabaseHead> look(Snapshot state, Ref<Vdi> vdi) {
    try (VolumeData disk = OwnDisks.open(parts.drivers(), state, vdi, true)) {
      return RedoDisk.look(disk);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pool that a volume's changes are of, if it is such a disk. */
  static Optional<UUID> pool(StorageDrivers drivers, SrAccess at, UUID volume) {
    try (VolumeData disk = OwnDisks.open(drivers, at, volume, true)) {
      return RedoDisk.look(disk).map(DatabaseHead::pool);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The record of such a disk that was found. */
  static Vdi found(Snapshot state, Vdi vdi, UUID pool) {
    Ref<Pool> ours = state.table(ApiModel.POOL).byUuid(pool.toString()).orElse(Ref.none());
    return vdi.with(
        b -> b.type(VdiType.REDO_LOG).nameLabel("Redo log").managed(true).metadataOfPool(ours));
  }

  /** A disk that is being written. For one thread at a time. */
  public static final class Open implements AutoCloseable {
    private final VolumeData disk;

    private Open(VolumeData disk) {
      this.disk = disk;
    }

    /** Begins anew with a base. */
    public RedoDisk.Log begin(UUID pool, Instant time, Path base) throws IOException {
      try (InputStream in = Files.newInputStream(base)) {
        return RedoDisk.begin(disk, pool, time, in);
      }
    }

    /**
     * @throws DriverException when what was written may not be there
     */
    @Override
    public void close() {
      disk.close();
    }
  }
}

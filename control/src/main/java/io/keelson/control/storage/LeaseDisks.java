package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.VdiType;
import io.keelson.control.Resources;
import io.keelson.image.lease.Lease;
import io.keelson.image.lease.LeaseDisk;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Disks on which hosts tell that they live. */
public final class LeaseDisks {
  private final StorageParts parts;

  public LeaseDisks(Resources resources) {
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

  /** The disk that is in the repository already, of whatever use it was. */
  public static Optional<Ref<Vdi>> left(Snapshot state, Ref<Sr> sr) {
    return state
        .rows(ApiModel.VDI)
        .filter(row -> row.record().type() == VdiType.HA_STATEFILE)
        .filter(row -> row.record().sr().equals(sr) && !row.record().missing())
        .min(Comparator.comparing(row -> row.record().uuid()))
        .map(Row::ref);
  }

  /** Makes an empty disk. */
  public Ref<Vdi> create(Call call, Ref<Sr> sr) {
    Vdi wanted =
        VdiFields.API_CLASS
            .blank()
            .with(b ->
                b.type(VdiType.HA_STATEFILE)
                    .nameLabel("Statefile for HA")
                    .nameDescription("Used for storage heartbeating")
                    .sr(sr)
                    .sharable(true)
                    .virtualSize(LeaseDisk.SIZE));
    return parts.make(call, new CreateVdi(parts.drivers(), wanted), MadeVdi::vdi);
  }

  public void destroy(Call call, Ref<Vdi> vdi) {
    parts.run(call, new DestroyVdi(parts.drivers(), vdi));
  }

  /** Opens a disk from any host, until it is closed. */
  public Open open(Snapshot state, Ref<Vdi> vdi) {
    return new Open(OwnDisks.open(parts.drivers(), state, vdi, false));
  }

  /**
   * Opens a disk from a host.
   *
   * @throws io.keelson.api.ApiError SR_NO_PBDS and what the driver says
   */
  public Open open(Snapshot state, Ref<Vdi> ref, Ref<Host> host) {
    Vdi vdi = state.get(ApiModel.VDI, ref);
    SrAccess at = SrAccess.at(state, vdi.sr(), host);
    return new Open(OwnDisks.open(parts.drivers(), at, Volumes.id(vdi), false));
  }

  /** A disk that is open. For one thread at a time. */
  public static final class Open implements AutoCloseable {
    private final VolumeData disk;

    private Open(VolumeData disk) {
      this.disk = disk;
    }

    public List<Lease> read() {
      try {
        return LeaseDisk.read(disk);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public void write(List<Lease> leases) {
      try {
        LeaseDisk.write(disk, leases);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      disk.close();
    }
  }
}

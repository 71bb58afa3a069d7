package io.keelson.host.storage;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.StorageKind;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Kind {@code iso}: a folder of ISO images that somebody else fills; each is a read-only volume.
 */
public final class IsoStorage implements FixedVolumes {
  private static final StorageKind KIND =
      new StorageKind(
          "iso",
          "ISO library",
          "CD images in a folder of this host or of an NFS server",
          "iso",
          StorageKind.features("SR_ATTACH", "SR_DETACH", "SR_SCAN", "VDI_ATTACH", "VDI_DETACH"),
          Map.of(
              "location", "SERVER:PATH of an NFS export, or absolute path of a local folder",
              "type", "nfs_iso for an NFS export; told by the location when absent",
              "nfsversion", "3, 4, 4.0 or 4.1; without the kernel's client only 3",
              "options", "mount options for the kernel's client",
              "legacy_mode", "true for a local folder; told by the location when absent"));

  private final IsoPlace place;
  private final Attached<IsoLibrary> attached = new Attached<>();

  IsoStorage(IsoPlace place) {
    this.place = place;
  }

  @Override
  public StorageKind kind() {
    return KIND;
  }

  /** Nothing is made: the folder must be there. */
  @Override
  public void create(UUID host, UUID sr, Map<String, String> deviceConfig, long sizeBytes) {
    try {
      IsoLibrary _ = open(sr, deviceConfig);
    } finally {
      place.close(sr);
    }
  }

  @Override
  public void attach(UUID host, UUID sr, Map<String, String> deviceConfig) {
    attached.put(host, sr, open(sr, deviceConfig));
  }

  @Override
  public void detach(UUID host, UUID sr) {
    if (attached.remove(host, sr)) {
      place.close(sr);
    }
  }

  /** The images stay: this driver did not put them there. */
  @Override
  public void delete(UUID host, UUID sr) {
    IsoLibrary _ = attached.get(host, sr);
    attached.remove(sr);
    place.close(sr);
  }

  @Override
  public StorageSpace space(UUID host, UUID sr) {
    return StorageSpace.of(attached.get(host, sr).folder());
  }

  @Override
  public List<Volume> scan(UUID host, UUID sr) {
    return attached.get(host, sr).volumes();
  }

  @Override
  public String probe(UUID host, Map<String, String> deviceConfig) {
    throw new DriverException(Reason.UNSUPPORTED, "an ISO library does not allow probing");
  }

  @Override
  public Volume describe(UUID host, UUID sr, UUID vdi) {
    return attached.get(host, sr).volume(vdi);
  }

  @Override
  public DiskSource open(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    if (!readOnly) {
      throw new DriverException(Reason.INVALID, "an ISO image can only be read");
    }
    return attached.get(host, sr).source(vdi);
  }

  private IsoLibrary open(UUID sr, Map<String, String> config) {
    return IsoLibrary.in(sr, place.open(sr, config));
  }
}

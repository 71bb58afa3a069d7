package io.keelson.host.storage;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.Storage;
import io.keelson.host.StorageKind;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.host.VolumeBytes;
import io.keelson.host.nbd.NbdVolume;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Kind {@code iso}: a folder of ISO images that somebody else fills; each is a read-only volume.
 */
public final class IsoStorage implements Storage {
  private static final StorageKind KIND =
      new StorageKind(
          "iso",
          "ISO library",
          "CD images in a folder",
          "iso",
          Map.of("SR_ATTACH", 1, "SR_DETACH", 1, "SR_SCAN", 1, "VDI_ATTACH", 1, "VDI_DETACH", 1),
          Map.of(
              "location", "absolute path of the folder",
              "legacy_mode", "accepted for older clients; a local folder either way"));

  private final ConcurrentHashMap<Attachment, IsoLibrary> attached = new ConcurrentHashMap<>();

  private record Attachment(UUID host, UUID sr) {}

  @Override
  public StorageKind kind() {
    return KIND;
  }

  /** Nothing is made: the folder must be there. */
  @Override
  public void create(UUID host, UUID sr, Map<String, String> deviceConfig, long sizeBytes) {
    library(sr, deviceConfig);
  }

  @Override
  public void attach(UUID host, UUID sr, Map<String, String> deviceConfig) {
    IsoLibrary library = library(sr, deviceConfig);
    attached.put(new Attachment(host, sr), library);
  }

  @Override
  public void detach(UUID host, UUID sr) {
    attached.remove(new Attachment(host, sr));
  }

  /** The images stay: this driver did not put them there. */
  @Override
  public void delete(UUID host, UUID sr) {
    library(host, sr);
    attached.keySet().removeIf(attachment -> attachment.sr().equals(sr));
  }

  @Override
  public StorageSpace space(UUID host, UUID sr) {
    IsoLibrary library = library(host, sr);
    try {
      FileStore store = Files.getFileStore(library.folder());
      long size = store.getTotalSpace();
      return new StorageSpace(size, Math.max(0, size - store.getUsableSpace()));
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot tell the space of " + library.folder(), e);
    }
  }

  @Override
  public List<Volume> scan(UUID host, UUID sr) {
    return library(host, sr).volumes();
  }

  @Override
  public String probe(UUID host, Map<String, String> deviceConfig) {
    throw unsupported("probing");
  }

  @Override
  public Volume describe(UUID host, UUID sr, UUID vdi) {
    return library(host, sr).volume(vdi);
  }

  @Override
  public Volume createVolume(UUID host, UUID sr, UUID vdi, long virtualSizeBytes) {
    throw unsupported("making volumes");
  }

  @Override
  public void destroyVolume(UUID host, UUID sr, UUID vdi) {
    throw unsupported("destroying volumes");
  }

  @Override
  public Volume resize(UUID host, UUID sr, UUID vdi, long virtualSizeBytes) {
    throw unsupported("resizing volumes");
  }

  @Override
  public Fork fork(UUID host, UUID sr, UUID vdi, UUID copy, boolean live) {
    throw unsupported("cloning volumes");
  }

  @Override
  public void undoFork(UUID host, UUID sr, UUID vdi, UUID copy) {
    throw unsupported("cloning volumes");
  }

  @Override
  public Volume copyVolume(UUID host, DiskSource from, UUID toSr, UUID copy, Progress progress) {
    throw unsupported("making volumes");
  }

  @Override
  public DiskSource open(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    if (!readOnly) {
      throw new DriverException(Reason.INVALID, "an ISO image can only be read");
    }
    return library(host, sr).source(vdi);
  }

  @Override
  public VolumeBytes bytes(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    return NbdVolume.open(open(host, sr, vdi, readOnly), readOnly);
  }

  private IsoLibrary library(UUID host, UUID sr) {
    IsoLibrary library = attached.get(new Attachment(host, sr));
    if (library == null) {
      throw new DriverException(
          Reason.WRONG_STATE, "repository " + sr + " is not attached on host " + host);
    }
    return library;
  }

  private static IsoLibrary library(UUID sr, Map<String, String> config) {
    if (config.containsKey("type")) {
      throw new DriverException(Reason.UNSUPPORTED, "only a local folder can be an ISO library");
    }
    return IsoLibrary.in(
        sr,
        DeviceConfig.location(config)
            .orElseThrow(() -> new DriverException(Reason.INVALID, "location is missing")));
  }

  private static DriverException unsupported(String what) {
    return new DriverException(Reason.UNSUPPORTED, "an ISO library does not allow " + what);
  }
}

package io.keelson.host.storage;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.StorageKind;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import io.keelson.host.storage.image.QemuImg;
import io.keelson.host.storage.image.VirtualSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Kinds {@code lvm} and {@code lvmoiscsi}: raw logical volumes on block devices, for guests that
 * want nothing between themselves and the device. They take up all of their size, and cannot be
 * snapshot or cloned.
 *
 * <p>The kernel's device-mapper shows the volumes; without it nothing here is possible.
 */
final class LvmStorage implements UnsharedVolumes {
  private static final Duration WIPE = Duration.ofHours(1);

  private static final long SECTOR = 4096;

  /** What all such kinds can do. */
  static final Map<String, Integer> FEATURES =
      StorageKind.features(
          "SR_PROBE",
          "SR_ATTACH",
          "SR_DETACH",
          "SR_SCAN",
          "SR_UPDATE",
          "SR_METADATA",
          "VDI_CREATE",
          "VDI_INTRODUCE",
          "VDI_DELETE",
          "VDI_ATTACH",
          "VDI_DETACH",
          "VDI_RESIZE");

  private final GroupPlace place;
  private final Attached<VolumeGroup> attached = new Attached<>();

  LvmStorage(GroupPlace place) {
    this.place = place;
  }

  @Override
  public StorageKind kind() {
    return place.kind();
  }

  /** Takes the devices for the repository: what they held is lost. */
  @Override
  public void create(UUID host, UUID sr, Map<String, String> deviceConfig, long sizeBytes) {
    List<BlockDevices.Device> devices = place.reach(sr, deviceConfig);
    try {
      devices.forEach(BlockDevices.Device::requireUnused);
      group(sr).create(devices.stream().map(BlockDevices.Device::path).toList());
    } finally {
      place.leave(sr);
    }
  }

  @Override
  public void attach(UUID host, UUID sr, Map<String, String> deviceConfig) {
    if (attached.has(host, sr)) {
      return;
    }
    List<BlockDevices.Device> _ = place.reach(sr, deviceConfig);
    VolumeGroup group = group(sr);
    try {
      group.activate();
      finish(host, group);
    } catch (DriverException e) {
      place.leave(sr);
      throw e;
    }
    attached.put(host, sr, group);
  }

  /** Ends what a server that was killed began here. */
  private static void finish(UUID host, VolumeGroup group) {
    for (VolumeGroup.Logical volume : group.all()) {
      if (volume.madeBy().filter(host.toString()::equals).isPresent()) {
        group.remove(volume.vdi());
      } else if (volume.wipeFrom().isPresent()) {
        long from = volume.wipeFrom().get();
        wipe(group, volume.vdi(), from);
        group.wiped(volume.vdi(), from);
      }
    }
  }

  @Override
  public void detach(UUID host, UUID sr) {
    if (attached.only(host, sr)) {
      group(sr).deactivate();
      place.leave(sr);
    }
    boolean _ = attached.remove(host, sr);
  }

  @Override
  public void delete(UUID host, UUID sr) {
    attached.get(host, sr).destroy();
    attached.remove(sr);
    place.leave(sr);
  }

  @Override
  public StorageSpace space(UUID host, UUID sr) {
    return attached.get(host, sr).space();
  }

  @Override
  public List<Volume> scan(UUID host, UUID sr) {
    return attached.get(host, sr).volumes().entrySet().stream()
        .map(entry -> volume(entry.getKey(), entry.getValue()))
        .toList();
  }

  @Override
  public String probe(UUID host, Map<String, String> deviceConfig) {
    return place.probe(deviceConfig);
  }

  @Override
  public Volume describe(UUID host, UUID sr, UUID vdi) {
    return volume(vdi, size(attached.get(host, sr), vdi));
  }

  @Override
  public Volume createVolume(UUID host, UUID sr, UUID vdi, long virtualSizeBytes) {
    VolumeGroup group = attached.get(host, sr);
    make(host, group, vdi, virtualSizeBytes, () -> wipe(group, vdi, 0));
    return describe(host, sr, vdi);
  }

  /** Makes a volume that counts only when the work on it is done. */
  private static void make(UUID host, VolumeGroup group, UUID vdi, long size, Runnable work) {
    if (group.volumes().containsKey(vdi)) {
      throw new DriverException(Reason.ALREADY_EXISTS, "there is a volume " + vdi);
    }
    group.begin(host, vdi, VirtualSize.round(size));
    try {
      work.run();
      group.whole(host, vdi);
    } catch (DriverException e) {
      group.remove(vdi);
      throw e;
    }
  }

  /** Nobody may read what the volume's place on the device held before. */
  private static void wipe(VolumeGroup group, UUID vdi, long from) {
    if (from >= group.size(vdi)) {
      return;
    }
    Outcome outcome =
        Program.run(
            WIPE,
            List.of(
                Requirements.program("blkdiscard"),
                "-z",
                "-o",
                Long.toString(from),
                group.device(vdi).toString()));
    if (!outcome.ok()) {
      throw new DriverException(Reason.FAILED, outcome.complaint());
    }
  }

  @Override
  public void destroyVolume(UUID host, UUID sr, UUID vdi) {
    VolumeGroup group = attached.get(host, sr);
    long _ = size(group, vdi);
    group.remove(vdi);
  }

  @Override
  public Volume resize(UUID host, UUID sr, UUID vdi, long virtualSizeBytes) {
    VolumeGroup group = attached.get(host, sr);
    long before = size(group, vdi);
    long after = VirtualSize.round(virtualSizeBytes);
    if (after < before) {
      throw new DriverException(Reason.INVALID, "volume " + vdi + " cannot shrink");
    }
    if (after > before) {
      group.extend(vdi, before, after);
      wipe(group, vdi, before);
      group.wiped(vdi, before);
    }
    return describe(host, sr, vdi);
  }

  @Override
  public Volume copyVolume(UUID host, DiskSource from, UUID toSr, UUID copy, Progress progress) {
    VolumeGroup group = attached.get(host, toSr);
    long size = QemuImg.virtualSize(from);
    make(
        host,
        group,
        copy,
        size,
        () -> {
          wipe(group, copy, size / SECTOR * SECTOR);
          QemuImg.copyToDevice(from, group.device(copy), progress);
        });
    return describe(host, toSr, copy);
  }

  @Override
  public DiskSource open(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    VolumeGroup group = attached.get(host, sr);
    long _ = size(group, vdi);
    return new DiskSource(group.device(vdi).toString(), DiskSource.Format.RAW);
  }

  /** The volume itself: it was wiped, and nothing else is on it. */
  @Override
  public Path memory(UUID host, UUID sr, UUID vdi) {
    return Path.of(open(host, sr, vdi, false).location());
  }

  private static long size(VolumeGroup group, UUID vdi) {
    Long size = group.volumes().get(vdi);
    if (size == null) {
      throw new DriverException(Reason.NOT_FOUND, "there is no volume " + vdi);
    }
    return size;
  }

  private static Volume volume(UUID vdi, long size) {
    return new Volume(vdi, vdi.toString(), "", size, size, false);
  }

  private static VolumeGroup group(UUID sr) {
    return new VolumeGroup(sr, List.of());
  }
}

package io.keelson.host.storage;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.StorageFault;
import io.keelson.host.StorageKind;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Kind {@code lvm}: raw logical volumes on block devices, for guests that want nothing between
 * themselves and the device. They take up all of their size, and cannot be snapshot or cloned.
 *
 * <p>The kernel's device-mapper shows the volumes; without it nothing here is possible.
 */
final class LvmStorage implements UnsharedVolumes {
  private static final Duration WIPE = Duration.ofHours(1);

  private static final long SECTOR = 4096;

  private static final StorageKind KIND =
      new StorageKind(
          "lvm",
          "Local storage on LVM",
          "Raw disks, each a logical volume on local block devices",
          "user",
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
              "VDI_RESIZE"),
          Map.of("device", "paths of the block devices, between commas"));

  private final Attached<VolumeGroup> attached = new Attached<>();

  @Override
  public StorageKind kind() {
    return KIND;
  }

  /** Takes the devices for the repository: what they held is lost. */
  @Override
  public void create(UUID host, UUID sr, Map<String, String> deviceConfig, long sizeBytes) {
    List<BlockDevices.Device> devices = devices(deviceConfig);
    requireMachine();
    devices.forEach(BlockDevices.Device::requireUnused);
    group(sr).create(devices.stream().map(BlockDevices.Device::path).toList());
  }

  @Override
  public void attach(UUID host, UUID sr, Map<String, String> deviceConfig) {
    List<BlockDevices.Device> _ = devices(deviceConfig);
    requireMachine();
    VolumeGroup group = group(sr);
    group.activate();
    attached.put(host, sr, group);
  }

  @Override
  public void detach(UUID host, UUID sr) {
    if (attached.remove(host, sr)) {
      group(sr).deactivate();
    }
  }

  @Override
  public void delete(UUID host, UUID sr) {
    attached.get(host, sr).destroy();
    attached.remove(sr);
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
    List<Path> devices = devices(deviceConfig).stream().map(BlockDevices.Device::path).toList();
    requireMachine();
    ProbeXml.Repositories found = new ProbeXml.Repositories();
    VolumeGroup.all(List.of())
        .forEach((sr, on) -> {
          if (on.stream().anyMatch(devices::contains)) {
            found.add(sr, String.join(",", on.stream().map(Path::toString).toList()));
          }
        });
    return found.text();
  }

  @Override
  public Volume describe(UUID host, UUID sr, UUID vdi) {
    return volume(vdi, size(attached.get(host, sr), vdi));
  }

  @Override
  public Volume createVolume(UUID host, UUID sr, UUID vdi, long virtualSizeBytes) {
    VolumeGroup group = attached.get(host, sr);
    add(group, vdi, virtualSizeBytes);
    try {
      wipe(group, vdi, 0);
    } catch (DriverException e) {
      group.remove(vdi);
      throw e;
    }
    return describe(host, sr, vdi);
  }

  private static void add(VolumeGroup group, UUID vdi, long size) {
    if (group.volumes().containsKey(vdi)) {
      throw new DriverException(Reason.ALREADY_EXISTS, "there is a volume " + vdi);
    }
    group.add(vdi, VirtualSize.round(size));
  }

  /** Nobody may read what the volume's place on the device held before. */
  private static void wipe(VolumeGroup group, UUID vdi, long from) {
    if (from >= size(group, vdi)) {
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
      group.extend(vdi, after);
      wipe(group, vdi, before);
    }
    return describe(host, sr, vdi);
  }

  @Override
  public Volume copyVolume(UUID host, DiskSource from, UUID toSr, UUID copy, Progress progress) {
    VolumeGroup group = attached.get(host, toSr);
    long size = QemuImg.virtualSize(from);
    add(group, copy, size);
    try {
      wipe(group, copy, size / SECTOR * SECTOR);
      QemuImg.copyToDevice(from, group.device(copy), progress);
    } catch (DriverException e) {
      group.remove(copy);
      throw e;
    }
    return describe(host, toSr, copy);
  }

  @Override
  public DiskSource open(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    VolumeGroup group = attached.get(host, sr);
    long _ = size(group, vdi);
    return new DiskSource(group.device(vdi).toString(), DiskSource.Format.RAW);
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

  private static void requireMachine() {
    Requirements.root("LVM");
    String _ = Requirements.program("lvm");
    if (!Requirements.driver("device-mapper", "dm-mod")) {
      throw DriverException.of(StorageFault.UNAVAILABLE, "the kernel has no device-mapper");
    }
  }

  private static List<BlockDevices.Device> devices(Map<String, String> config) {
    String text = config.getOrDefault("device", "");
    if (text.isEmpty()) {
      throw DriverException.of(StorageFault.DEVICE_MISSING, "");
    }
    return Stream.of(text.split(",", -1)).map(BlockDevices::at).toList();
  }
}

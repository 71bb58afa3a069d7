package io.keelson.host.storage;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.StorageFault;
import io.keelson.host.StorageKind;
import io.keelson.host.StorageSpace;
import io.keelson.host.Volume;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Kind {@code udev}: the host's own CD drives and block devices, each a volume. */
final class UdevStorage implements FixedVolumes {
  /** The names by which clients mean the host's CD drives, and its disks that can be taken out. */
  private static final String CDS = "/dev/xapi/cd";

  private static final String DISKS = "/dev/xapi/block";

  private static final StorageKind KIND =
      new StorageKind(
          "udev",
          "Host devices",
          "CD drives and block devices of the host, each as it is",
          "iso",
          FEATURES,
          Map.of(
              "location",
              CDS + " for CD drives, " + DISKS + " for removable disks, or a folder of devices"));

  private final Attached<String> attached = new Attached<>();

  @Override
  public StorageKind kind() {
    return KIND;
  }

  /** Nothing is made: the devices are there or not. */
  @Override
  public void create(UUID host, UUID sr, Map<String, String> deviceConfig, long sizeBytes) {
    List<BlockDevices.Device> _ = devices(location(deviceConfig));
  }

  @Override
  public void attach(UUID host, UUID sr, Map<String, String> deviceConfig) {
    String location = location(deviceConfig);
    List<BlockDevices.Device> _ = devices(location);
    attached.put(host, sr, location);
  }

  @Override
  public void detach(UUID host, UUID sr) {
    boolean _ = attached.remove(host, sr);
  }

  @Override
  public void delete(UUID host, UUID sr) {
    String _ = attached.get(host, sr);
    attached.remove(sr);
  }

  /** What is on the devices is their owners' business: each counts as full. */
  @Override
  public StorageSpace space(UUID host, UUID sr) {
    long size = scan(host, sr).stream().mapToLong(Volume::virtualSize).sum();
    return new StorageSpace(size, size);
  }

  @Override
  public List<Volume> scan(UUID host, UUID sr) {
    return devices(attached.get(host, sr)).stream().map(device -> volume(sr, device)).toList();
  }

  @Override
  public String probe(UUID host, Map<String, String> deviceConfig) {
    List<BlockDevices.Device> _ = devices(location(deviceConfig));
    // Devices carry no mark of a repository.
    return new ProbeXml.Repositories().text();
  }

  @Override
  public Volume describe(UUID host, UUID sr, UUID vdi) {
    return volume(sr, device(host, sr, vdi));
  }

  @Override
  public DiskSource open(UUID host, UUID sr, UUID vdi, boolean readOnly) {
    BlockDevices.Device device = device(host, sr, vdi);
    if (!readOnly && device.readOnly()) {
      throw new DriverException(Reason.INVALID, device.path() + " can only be read");
    }
    if (!readOnly && device.mounted()) {
      throw DriverException.of(StorageFault.DEVICE_IN_USE, device.path() + " is mounted");
    }
    return new DiskSource(device.path().toString(), DiskSource.Format.RAW);
  }

  private BlockDevices.Device device(UUID host, UUID sr, UUID vdi) {
    return devices(attached.get(host, sr)).stream()
        .filter(device -> identity(sr, device).equals(vdi))
        .findFirst()
        .orElseThrow(() -> new DriverException(Reason.NOT_FOUND, "no device is volume " + vdi));
  }

  private static Volume volume(UUID sr, BlockDevices.Device device) {
    long size = device.size();
    return new Volume(
        identity(sr, device),
        device.path().toString(),
        device.name(),
        size,
        size,
        device.readOnly());
  }

  /** The same for a path for ever. */
  private static UUID identity(UUID sr, BlockDevices.Device device) {
    return UUID.nameUUIDFromBytes((sr + device.path().toString()).getBytes(StandardCharsets.UTF_8));
  }

  private static String location(Map<String, String> config) {
    String location = config.getOrDefault("location", "");
    if (location.isEmpty()) {
      throw DriverException.of(StorageFault.LOCATION_MISSING, "");
    }
    return location;
  }

  private static List<BlockDevices.Device> devices(String location) {
    Path folder = DeviceConfig.path("location", location);
    if (Files.isDirectory(folder)) {
      return BlockDevices.in(folder);
    }
    return switch (location) {
      case CDS -> BlockDevices.whole().stream().filter(BlockDevices.Device::isCd).toList();
      case DISKS ->
          BlockDevices.whole().stream()
              .filter(device -> device.removable() && !device.isCd() && device.size() > 0)
              .toList();
      default -> throw DriverException.of(StorageFault.LOCATION_MISSING, location);
    };
  }
}

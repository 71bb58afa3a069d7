package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.StorageFault;
import io.keelson.host.StorageKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** Block devices of this host, for kind {@code lvm}. */
final class LocalDevices implements GroupPlace {
  private static final StorageKind KIND =
      new StorageKind(
          "lvm",
          "Local storage on LVM",
          "Raw disks, each a logical volume on local block devices",
          "user",
          LvmStorage.FEATURES,
          Map.of("device", "paths of the block devices, between commas"));

  @Override
  public StorageKind kind() {
    return KIND;
  }

  @Override
  public List<BlockDevices.Device> reach(UUID sr, Map<String, String> config) {
    List<BlockDevices.Device> devices = devices(config);
    VolumeGroup.requireMachine();
    return devices;
  }

  @Override
  public void leave(UUID sr) {}

  @Override
  public String probe(Map<String, String> config) {
    List<Path> devices = devices(config).stream().map(BlockDevices.Device::path).toList();
    VolumeGroup.requireMachine();
    ProbeXml.Repositories found = new ProbeXml.Repositories();
    VolumeGroup.all(List.of())
        .forEach((sr, on) -> {
          if (on.stream().anyMatch(devices::contains)) {
            found.add(sr, String.join(",", on.stream().map(Path::toString).toList()));
          }
        });
    return found.text();
  }

  private static List<BlockDevices.Device> devices(Map<String, String> config) {
    String text = config.getOrDefault("device", "");
    if (text.isEmpty()) {
      throw DriverException.of(StorageFault.DEVICE_MISSING, "");
    }
    return Stream.of(text.split(",", -1)).map(BlockDevices::at).toList();
  }
}

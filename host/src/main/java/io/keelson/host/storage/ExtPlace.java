package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.StorageFault;
import io.keelson.host.StorageKind;
import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A block device with an ext4 file system, mounted where only this server reaches it. The file
 * system has the repository's uuid, so that it is known without being mounted.
 */
final class ExtPlace implements Place {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String TYPE = "ext4";

  private final Mounts mounts;
  private final Set<Path> reached = ConcurrentHashMap.newKeySet();

  ExtPlace(Mounts mounts) {
    this.mounts = mounts;
  }

  @Override
  public StorageKind kind() {
    return FolderKinds.EXT;
  }

  /** Formats the device: what it held is lost. */
  @Override
  public Path prepare(UUID sr, Map<String, String> config) {
    BlockDevices.Device device = device(config);
    Requirements.root("formatting a device");
    clearLeftovers(device);
    device.requireUnused();
    Outcome outcome =
        Program.run(
            LIMIT,
            List.of(
                Requirements.program("mkfs." + TYPE),
                "-q",
                "-F",
                "-m",
                "0",
                "-U",
                sr.toString(),
                device.path().toString()));
    if (!outcome.ok()) {
      boolean used = outcome.errors().contains("in use") || outcome.errors().contains("mounted");
      throw used
          ? DriverException.of(StorageFault.DEVICE_IN_USE, outcome.complaint())
          : new DriverException(Reason.FAILED, outcome.complaint());
    }
    return mount(sr, device);
  }

  /** A run of the server that was killed while it made a repository leaves its mount. */
  private void clearLeftovers(BlockDevices.Device device) {
    Mounts.all().stream()
        .filter(m -> m.device().equals(device.number()))
        .map(Mounts.Mount::point)
        .filter(point -> point.startsWith(mounts.folder()) && !reached.contains(point))
        .forEach(mounts::unmount);
  }

  @Override
  public Path reach(UUID sr, Map<String, String> config) {
    BlockDevices.Device device = device(config);
    Requirements.root("mounting a device");
    UUID found =
        repository(device)
            .orElseThrow(() ->
                new DriverException(Reason.NOT_FOUND, device.path() + " holds no repository"));
    if (!found.equals(sr)) {
      throw new DriverException(
          Reason.INVALID, device.path() + " holds repository " + found + " and not " + sr);
    }
    return mount(sr, device);
  }

  private Path mount(UUID sr, BlockDevices.Device device) {
    Path point =
        mounts.mount(
            sr.toString(), TYPE, device.path().toString(), List.of(), StorageFault.UNAVAILABLE);
    reached.add(point);
    return point;
  }

  @Override
  public void leave(UUID sr, Path root) {
    mounts.unmount(root);
    reached.remove(root);
  }

  /** The device becomes one that anybody may use. */
  @Override
  public void remove(UUID sr, Path root) {
    Optional<Mounts.Mount> mount = Mounts.at(root);
    leave(sr, root);
    mount.ifPresent(gone -> {
      Outcome outcome = Run.quietly(List.of(Requirements.program("wipefs"), "-aq", gone.source()));
      if (!outcome.ok()) {
        throw new DriverException(Reason.FAILED, outcome.complaint());
      }
    });
  }

  @Override
  public String probe(Map<String, String> config) {
    BlockDevices.Device device = device(config);
    ProbeXml.Repositories found = new ProbeXml.Repositories();
    repository(device).ifPresent(sr -> found.add(sr, device.path().toString()));
    return found.text();
  }

  /** The uuid of the device's file system, if it has one of this type. */
  private static Optional<UUID> repository(BlockDevices.Device device) {
    Outcome outcome =
        Run.quietly(
            List.of(
                Requirements.program("blkid"),
                "-p",
                "-o",
                "export",
                "-s",
                "UUID",
                "-s",
                "TYPE",
                device.path().toString()));
    List<String> facts = outcome.output().lines().toList();
    return facts.contains("TYPE=" + TYPE)
        ? facts.stream()
            .filter(line -> line.startsWith("UUID="))
            .findFirst()
            .map(line -> UUID.fromString(line.substring("UUID=".length())))
        : Optional.empty();
  }

  private static BlockDevices.Device device(Map<String, String> config) {
    String text = config.getOrDefault("device", "");
    if (text.isEmpty()) {
      throw DriverException.of(StorageFault.DEVICE_MISSING, "");
    }
    return BlockDevices.at(text);
  }
}

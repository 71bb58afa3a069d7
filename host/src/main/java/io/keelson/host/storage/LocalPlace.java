package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.StorageKind;
import io.keelson.host.storage.folder.Marker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder of a file system that the host has anyway.
 *
 * @param folders where a repository lies whose configuration names no location
 */
record LocalPlace(Path folders) implements Place {

  @Override
  public StorageKind kind() {
    return FolderKinds.FILE;
  }

  @Override
  public Path prepare(UUID sr, Map<String, String> config) {
    Path root = reach(sr, config);
    try {
      return Files.createDirectories(root);
    } catch (IOException e) {
      throw new DriverException(Reason.INVALID, "cannot use the folder " + root, e);
    }
  }

  @Override
  public Path reach(UUID sr, Map<String, String> config) {
    return DeviceConfig.location(config).orElseGet(() -> folders.resolve(sr.toString()));
  }

  /** The folder is there whether a repository uses it or not. */
  @Override
  public void leave(UUID sr, Path root) {}

  @Override
  public void remove(UUID sr, Path root) {
    if (root.startsWith(folders)) {
      try {
        Files.deleteIfExists(root);
      } catch (IOException e) {
        throw new DriverException(Reason.FAILED, "cannot remove " + root, e);
      }
    }
  }

  @Override
  public String probe(Map<String, String> config) {
    ProbeXml.Repositories found = new ProbeXml.Repositories();
    Optional<Path> location = DeviceConfig.location(config);
    for (Path place : location.isPresent() ? List.of(location.get()) : all()) {
      Marker.read(place).ifPresent(found::add);
    }
    return found.text();
  }

  private List<Path> all() {
    if (!Files.isDirectory(folders)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folders)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new DriverException(Reason.INVALID, "cannot list " + folders, e);
    }
  }
}

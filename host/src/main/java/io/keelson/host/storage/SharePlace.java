package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.StorageKind;
import io.keelson.host.storage.folder.Marker;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** A folder, named by the repository, in a share of a file server. */
record SharePlace(Share share) implements Place {

  @Override
  public StorageKind kind() {
    return share.kind();
  }

  @Override
  public Path prepare(UUID sr, Map<String, String> config) {
    Path root = reach(sr, config);
    try {
      return Files.createDirectory(root);
    } catch (FileAlreadyExistsException e) {
      return root;
    } catch (IOException e) {
      share.close(sr);
      throw new DriverException(Reason.FAILED, "cannot make " + root + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Path reach(UUID sr, Map<String, String> config) {
    return share.open(sr, config).resolve(sr.toString());
  }

  @Override
  public void leave(UUID sr, Path root) {
    share.close(sr);
  }

  @Override
  public void remove(UUID sr, Path root) {
    try {
      Files.deleteIfExists(root);
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot remove " + root, e);
    }
    share.close(sr);
  }

  @Override
  public String probe(Map<String, String> config) {
    share.requireNamed(config);
    UUID look = UUID.randomUUID();
    Path root = share.open(look, config);
    ProbeXml.Repositories found = new ProbeXml.Repositories();
    try {
      folders(root).forEach(folder -> Marker.read(folder).ifPresent(found::add));
    } finally {
      share.close(look);
    }
    return found.text();
  }

  /** The folders that may be repositories. */
  private static List<Path> folders(Path root) {
    try (Stream<Path> entries = Files.list(root)) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches("[0-9a-f-]{36}"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot list " + root + ": " + e.getMessage(), e);
    }
  }
}

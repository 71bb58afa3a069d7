package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.StorageFault;
import io.keelson.host.StorageKind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** A folder, named by the repository, in an export of an NFS server. */
record NfsPlace(NfsExports exports) implements Place {

  @Override
  public StorageKind kind() {
    return FolderKinds.NFS;
  }

  @Override
  public Path prepare(UUID sr, Map<String, String> config) {
    Path root = reach(sr, config);
    try {
      return Files.createDirectory(root);
    } catch (FileAlreadyExistsException e) {
      return root;
    } catch (IOException e) {
      exports.close(sr);
      throw new DriverException(Reason.FAILED, "cannot make " + root + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Path reach(UUID sr, Map<String, String> config) {
    return exports.open(sr, server(config), path(config), config).resolve(sr.toString());
  }

  @Override
  public void leave(UUID sr, Path root) {
    exports.close(sr);
  }

  @Override
  public void remove(UUID sr, Path root) {
    try {
      Files.deleteIfExists(root);
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot remove " + root, e);
    }
    exports.close(sr);
  }

  @Override
  public String probe(Map<String, String> config) {
    String server = server(config);
    if (config.getOrDefault("serverpath", "").isEmpty()) {
      throw DriverException.choose(StorageFault.SERVER_PATH_MISSING, NfsExports.choices(server));
    }
    UUID look = UUID.randomUUID();
    Path root = exports.open(look, server, path(config), config);
    ProbeXml.Repositories found = new ProbeXml.Repositories();
    try {
      folders(root).forEach(folder -> new Folder(folder).marker().ifPresent(found::add));
    } finally {
      exports.close(look);
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
      throw DriverException.of(StorageFault.NFS_MOUNT, "cannot list " + root);
    }
  }

  private static String server(Map<String, String> config) {
    String server = config.getOrDefault("server", "");
    if (server.isEmpty()) {
      throw DriverException.of(StorageFault.SERVER_MISSING, "");
    }
    if (!server.matches("[0-9A-Za-z._:-]+") || server.startsWith("-")) {
      throw DriverException.of(StorageFault.NFS_TARGET, server + " is no name of a server");
    }
    return server;
  }

  private static String path(Map<String, String> config) {
    String path = config.getOrDefault("serverpath", "");
    if (path.isEmpty()) {
      throw DriverException.of(StorageFault.SERVER_PATH_MISSING, "");
    }
    if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
      throw DriverException.of(StorageFault.SERVER_PATH_BAD, path + " is not absolute");
    }
    return path;
  }
}

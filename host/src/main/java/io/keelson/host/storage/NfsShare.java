package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.StorageFault;
import io.keelson.host.StorageKind;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** The exports of NFS servers, as a {@code nfs} repository's configuration names them. */
record NfsShare(NfsExports exports) implements Share {

  @Override
  public StorageKind kind() {
    return FolderKinds.NFS;
  }

  @Override
  public Path open(UUID sr, Map<String, String> config) {
    return exports.open(sr, server(config), path(config), config);
  }

  @Override
  public void close(UUID sr) {
    exports.close(sr);
  }

  @Override
  public void requireNamed(Map<String, String> config) {
    String server = server(config);
    if (config.getOrDefault("serverpath", "").isEmpty()) {
      throw DriverException.choose(StorageFault.SERVER_PATH_MISSING, NfsExports.choices(server));
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

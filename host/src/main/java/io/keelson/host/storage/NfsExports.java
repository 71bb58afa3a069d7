package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.StorageFault;
import io.keelson.host.nfs.NfsFileSystem;
import io.keelson.host.nfs.NfsServer;
import io.keelson.host.nfs.NfsServer.Export;
import io.keelson.host.storage.image.QemuImg;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Exports of NFS servers, one a repository: mounted where the kernel has a client, else reached by
 * this process and by QEMU themselves.
 */
final class NfsExports {
  private final Mounts mounts;
  private final ConcurrentHashMap<UUID, Open> open = new ConcurrentHashMap<>();

  private record Open(String source, Path root) {}

  NfsExports(Mounts mounts) {
    this.mounts = mounts;
  }

  /** The root of the export. Raises a fault when the server refuses it or does not answer. */
  Path open(UUID sr, String server, String path, Map<String, String> config) {
    String source = server + ":" + path;
    Open now =
        open.compute(
            sr,
            (id, before) ->
                before != null && before.source().equals(source)
                    ? before
                    : new Open(source, root(sr, server, path, config)));
    return now.root();
  }

  private Path root(UUID sr, String server, String path, Map<String, String> config) {
    return kernel()
        ? mounts.mount(
            sr.toString(), "nfs", server + ":" + path, options(config), StorageFault.NFS_MOUNT)
        : direct(server, path, config);
  }

  void close(UUID sr) {
    open.computeIfPresent(
        sr,
        (id, now) -> {
          if (now.root().getFileSystem() instanceof NfsFileSystem files) {
            close(files);
          } else {
            mounts.unmount(now.root());
          }
          return null;
        });
  }

  /** What the server offers, as the XML of choices for a path that is missing. */
  static String choices(String server) {
    ProbeXml.Choices choices = new ProbeXml.Choices("nfs-exports", "Export");
    try {
      for (Export export : new NfsServer(server, uid()).exports()) {
        String clients = export.clients().isEmpty() ? "*" : String.join(",", export.clients());
        choices.add(
            ProbeXml.ordered("Target", server, "Path", export.path(), "Accesslist", clients));
      }
    } catch (IOException e) {
      throw DriverException.of(StorageFault.NFS_TARGET, server + ": " + e.getMessage());
    }
    return choices.text();
  }

  private static boolean kernel() {
    return Requirements.isRoot() && Requirements.fileSystem("nfs") && Requirements.has("mount.nfs");
  }

  private static Path direct(String server, String path, Map<String, String> config) {
    if (config.getOrDefault("nfsversion", "3").startsWith("4")) {
      throw DriverException.of(
          StorageFault.NFS_VERSION, "without the kernel's client only version 3 is spoken");
    }
    if (!QemuImg.knows("nfs")) {
      throw DriverException.of(
          StorageFault.UNAVAILABLE, "neither the kernel nor QEMU's block layer knows NFS here");
    }
    try {
      return NfsFileSystem.open(new NfsServer(server, uid()), path).root();
    } catch (FileSystemException e) {
      throw DriverException.of(StorageFault.NFS_MOUNT, server + ":" + path + " is refused: " + e);
    } catch (IOException e) {
      throw DriverException.of(StorageFault.NFS_TARGET, server + ": " + e.getMessage());
    }
  }

  private static void close(NfsFileSystem files) {
    try {
      files.close();
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot close a connection", e);
    }
  }

  private static List<String> options(Map<String, String> config) {
    List<String> options = new ArrayList<>(List.of("hard"));
    String version = config.getOrDefault("nfsversion", "3");
    if (!version.matches("3|4|4\\.[0-2]")) {
      throw DriverException.of(StorageFault.NFS_VERSION, version);
    }
    options.add("nfsvers=" + version);
    String more = config.getOrDefault("options", "");
    if (!more.isEmpty()) {
      options.add(more);
    }
    return options;
  }

  private static int uid() {
    return Requirements.attribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid
        ? uid
        : 0;
  }
}

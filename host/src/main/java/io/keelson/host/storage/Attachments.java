package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Which folder repositories are attached where; a folder attached by several hosts is one. */
final class Attachments {
  private static final Set<String> NOT_CONTENT =
      Set.of("lost+found", Folder.MARKER + ".new", FolderLock.FILE, "images");

  private final Path folders;
  private final ConcurrentHashMap<UUID, Attached> attached = new ConcurrentHashMap<>();

  private record Attached(Repository repository, FolderLock lock, Set<UUID> hosts) {
    Attached {
      hosts = Set.copyOf(hosts);
    }
  }

  Attachments(Path folders) {
    this.folders = folders;
  }

  void create(UUID sr, Map<String, String> config) {
    Path root = root(sr, config);
    Folder folder = new Folder(root);
    try {
      Files.createDirectories(root);
      if (folder.marker().isPresent() || !blank(root)) {
        throw new DriverException(Reason.ALREADY_EXISTS, root + " holds something already");
      }
    } catch (IOException e) {
      throw new DriverException(Reason.INVALID, "cannot use the folder " + root, e);
    }
    folder.layOut(sr);
  }

  void attach(UUID host, UUID sr, Map<String, String> config) {
    Path root = root(sr, config);
    attached.compute(
        sr, (id, before) -> before == null ? first(host, sr, root) : more(host, sr, root, before));
  }

  void detach(UUID host, UUID sr) {
    attached.computeIfPresent(sr, (id, now) -> without(host, now).orElse(null));
  }

  void delete(UUID host, UUID sr) {
    Repository repository = repository(host, sr);
    repository.delete();
    attached.computeIfPresent(
        sr,
        (id, now) -> {
          now.lock().close();
          return null;
        });
    Path root = repository.folder().root();
    if (root.startsWith(folders)) {
      try {
        Files.deleteIfExists(root);
      } catch (IOException e) {
        throw new DriverException(Reason.FAILED, "cannot remove " + root, e);
      }
    }
  }

  Repository repository(UUID host, UUID sr) {
    Attached now = attached.get(sr);
    if (now == null || !now.hosts().contains(host)) {
      throw new DriverException(
          Reason.WRONG_STATE, "repository " + sr + " is not attached on host " + host);
    }
    return now.repository();
  }

  String probe(Map<String, String> config) {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" ?>\n<SRlist>\n");
    Optional<Path> location = DeviceConfig.location(config);
    List<Path> places = location.isPresent() ? List.of(location.get()) : list(folders);
    for (Path place : places) {
      new Folder(place)
          .marker()
          .ifPresent(sr -> xml.append("<SR><UUID>").append(sr).append("</UUID></SR>\n"));
    }
    return xml.append("</SRlist>\n").toString();
  }

  private Path root(UUID sr, Map<String, String> config) {
    return DeviceConfig.location(config).orElseGet(() -> folders.resolve(sr.toString()));
  }

  private static Attached first(UUID host, UUID sr, Path root) {
    Folder folder = new Folder(root);
    UUID found =
        folder
            .marker()
            .orElseThrow(
                () -> new DriverException(Reason.NOT_FOUND, root + " holds no repository"));
    if (!found.equals(sr)) {
      throw new DriverException(
          Reason.INVALID, root + " holds repository " + found + " and not " + sr);
    }
    Repository repository = new Repository(folder);
    FolderLock lock = FolderLock.take(root, repository::sweep);
    return new Attached(repository, lock, Set.of(host));
  }

  private static Attached more(UUID host, UUID sr, Path root, Attached before) {
    Path now = before.repository().folder().root();
    if (!now.equals(root)) {
      throw new DriverException(
          Reason.INVALID, "repository " + sr + " is attached at " + now + " and not " + root);
    }
    Set<UUID> hosts = new HashSet<>(before.hosts());
    hosts.add(host);
    return new Attached(before.repository(), before.lock(), hosts);
  }

  private static Optional<Attached> without(UUID host, Attached now) {
    Set<UUID> hosts = new HashSet<>(now.hosts());
    hosts.remove(host);
    if (hosts.isEmpty()) {
      now.repository().rest();
      now.lock().close();
      return Optional.empty();
    }
    return Optional.of(new Attached(now.repository(), now.lock(), hosts));
  }

  private static boolean blank(Path root) {
    return list(root).stream()
            .allMatch(entry -> NOT_CONTENT.contains(entry.getFileName().toString()))
        && list(root.resolve("images")).isEmpty();
  }

  private static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new DriverException(Reason.INVALID, "cannot list " + folder, e);
    }
  }
}

package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.storage.folder.Folder;
import io.keelson.host.storage.folder.FolderLock;
import io.keelson.host.storage.folder.Marker;
import io.keelson.host.storage.folder.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Which folder repositories are attached where; a folder attached by several hosts is one. */
final class Attachments {
  private static final Set<String> NOT_CONTENT =
      Set.of("lost+found", Marker.DRAFT, FolderLock.FILE, "images");

  private final Place place;
  private final ConcurrentHashMap<UUID, Open> attached = new ConcurrentHashMap<>();

  private record Open(Repository repository, FolderLock lock, Set<UUID> hosts) {
    Open {
      hosts = Set.copyOf(hosts);
    }
  }

  Attachments(Place place) {
    this.place = place;
  }

  void create(UUID sr, Map<String, String> config) {
    Path root = place.prepare(sr, config);
    try {
      if (Marker.read(root).isPresent() || !blank(root)) {
        throw new DriverException(Reason.ALREADY_EXISTS, root + " holds something already");
      }
      new Folder(root).layOut(sr);
    } finally {
      place.leave(sr, root);
    }
  }

  void attach(UUID host, UUID sr, Map<String, String> config) {
    attached.compute(
        sr,
        (id, before) -> before == null ? first(host, sr, config) : more(host, sr, config, before));
  }

  void detach(UUID host, UUID sr) {
    List<DriverException> failures = new ArrayList<>();
    attached.computeIfPresent(sr, (id, now) -> without(host, sr, now, failures::add).orElse(null));
    for (DriverException failure : failures) {
      throw failure;
    }
  }

  void delete(UUID host, UUID sr) {
    Repository repository = repository(host, sr);
    repository.delete();
    attached.computeIfPresent(
        sr,
        (id, now) -> {
          now.lock().close();
          place.remove(sr, repository.folder().root());
          return null;
        });
  }

  Repository repository(UUID host, UUID sr) {
    Open now = attached.get(sr);
    if (now == null || !now.hosts().contains(host)) {
      throw new DriverException(
          Reason.WRONG_STATE, "repository " + sr + " is not attached on host " + host);
    }
    return now.repository();
  }

  String probe(Map<String, String> config) {
    return place.probe(config);
  }

  private Open first(UUID host, UUID sr, Map<String, String> config) {
    Path root = place.reach(sr, config);
    try {
      UUID found =
          Marker.read(root)
              .orElseThrow(
                  () -> new DriverException(Reason.NOT_FOUND, root + " holds no repository"));
      if (!found.equals(sr)) {
        throw new DriverException(
            Reason.INVALID, root + " holds repository " + found + " and not " + sr);
      }
      Repository repository = new Repository(new Folder(root));
      FolderLock lock =
          FolderLock.possible(root)
              ? FolderLock.take(root, repository::sweep)
              : FolderLock.none(repository::sweepQuiet);
      return new Open(repository, lock, Set.of(host));
    } catch (RuntimeException failure) {
      place.leave(sr, root);
      throw failure;
    }
  }

  private Open more(UUID host, UUID sr, Map<String, String> config, Open before) {
    Path now = before.repository().folder().root();
    Path root = place.reach(sr, config);
    if (!now.equals(root)) {
      throw new DriverException(
          Reason.INVALID, "repository " + sr + " is attached at " + now + " and not " + root);
    }
    Set<UUID> hosts = new HashSet<>(before.hosts());
    hosts.add(host);
    return new Open(before.repository(), before.lock(), hosts);
  }

  private Optional<Open> without(UUID host, UUID sr, Open now, Consumer<DriverException> failed) {
    Set<UUID> hosts = new HashSet<>(now.hosts());
    hosts.remove(host);
    if (hosts.isEmpty()) {
      now.repository().rest();
      now.lock().close();
      Path root = now.repository().folder().root();
      try {
        place.leave(sr, root);
      } catch (DriverException failure) {
        // Somebody works in it, so it is still attached; the caller hears why.
        failed.accept(failure);
        FolderLock lock = FolderLock.take(root, () -> {});
        return Optional.of(new Open(now.repository(), lock, now.hosts()));
      }
      return Optional.empty();
    }
    return Optional.of(new Open(now.repository(), now.lock(), hosts));
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

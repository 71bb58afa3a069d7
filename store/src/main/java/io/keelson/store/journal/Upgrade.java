package io.keelson.store.journal;

import io.keelson.store.StoreException;
import io.keelson.store.codec.Migration;
import io.keelson.store.codec.StoredModel;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bringing a store of an older version up to this program's, after a copy of it was made. */
final class Upgrade {
  private static final Logger LOG = LoggerFactory.getLogger(Upgrade.class);
  private static final String BACKUP = "backup-";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private Upgrade() {}

  /**
   * What the store is; a new one is made where there is none. An older one is copied.
   *
   * @throws StoreException for a newer one or one of an older format, with nothing written, or a
   *     damaged one
   */
  static StoreIdentity prepare(Path root, StoredModel model) throws IOException {
    Path file = JournalFolder.identity(root);
    if (!Files.exists(file)) {
      if (Files.exists(root.resolve("journal")) || Files.exists(root.resolve("snapshots"))) {
        throw new StoreException(file + " is missing");
      }
      StoreIdentity fresh = StoreIdentity.fresh(model.version(), model.fingerprint());
      fresh.write(file);
      return fresh;
    }
    StoreIdentity identity = StoreIdentity.read(file);
    if (identity.format() > StoreIdentity.FORMAT || identity.model() > model.version()) {
      throw new StoreException(
          "the store in %s is of version %d.%d, newer than this program's %d.%d; nothing was changed"
              .formatted(
                  root,
                  identity.format(),
                  identity.model(),
                  StoreIdentity.FORMAT,
                  model.version()));
    }
    if (identity.format() < StoreIdentity.FORMAT) {
      throw new StoreException(
          "the store in %s is of format %d, which only programs before the first release read; nothing was changed"
              .formatted(root, identity.format()));
    }
    if (identity.model() < model.version()) {
      Path copy = backup(root, identity);
      LOG.info("the store of version {} was copied to {}", identity.model(), copy);
      model.steps().stream()
          .filter(step -> step.from() >= identity.model())
          .map(Migration::name)
          .forEach(name -> LOG.info("upgrading the store: {}", name));
    }
    return identity;
  }

  /** Leaves nothing of the older version to be read again. */
  static void finish(Path root, StoreIdentity identity, StoredModel model, JournalLine line)
      throws IOException {
    boolean current =
        identity.model() == model.version() && identity.fingerprint().equals(model.fingerprint());
    if (!current) {
      line.snapshot(true);
      identity.upgraded(model.version(), model.fingerprint()).write(JournalFolder.identity(root));
    }
  }

  private static Path backup(Path root, StoreIdentity identity) throws IOException {
    String name = BACKUP + identity.model() + "-" + TIME.format(Instant.now());
    Path copy = root.resolve(name);
    Path partial = root.resolve(name + ".partial");
    Files.createDirectories(partial);
    copyStore(root, partial);
    Files.move(partial, copy);
    return copy;
  }

  /** Copies a store's files, older copies aside, into a folder that exists. */
  static void copyStore(Path root, Path into) throws IOException {
    try (Stream<Path> entries = Files.list(root)) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        String entryName = entry.getFileName().toString();
        if (!entryName.startsWith(BACKUP) && !entryName.equals("lock")) {
          copy(entry, into.resolve(entryName));
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path target = file.equals(from) ? to : to.resolve(from.relativize(file).toString());
            Files.copy(file, target);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}

package io.keelson.control.backup;

import io.keelson.store.StoreException;
import io.keelson.store.codec.DurableFiles;
import io.keelson.store.journal.StoreSeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A restored backup that waits for the next start. A folder named {@code restore} is the decision:
 * from when it is there each start moves its parts into their places, and goes on where the last
 * one was cut off. What was there before is kept in {@code before-restore}.
 */
public final class PendingRestore {
  static final String PARTIAL = "restore.partial";

  /** A backup's files on their way to a client. */
  static final String COLLECTED = "backup";

  private static final Logger LOG = LoggerFactory.getLogger(PendingRestore.class);
  private static final String READY = "restore";
  private static final String OLD = "restore.old";
  private static final String BEFORE = "before-restore";

  private PendingRestore() {}

  /** Lets what is whole take the place of what waited before. */
  static void replace(Path data) throws IOException {
    Path ready = data.resolve(READY);
    Path old = data.resolve(OLD);
    DurableFiles.removeTree(old);
    if (Files.exists(ready)) {
      DurableFiles.move(ready, old);
    }
    DurableFiles.move(data.resolve(PARTIAL), ready);
    DurableFiles.removeTree(old);
  }

  /**
   * Puts what waits into its place, and removes what an earlier run had on its way. To be called
   * before anything of the folder is opened.
   *
   * @throws StoreException when a server runs on the folder
   */
  public static void apply(Path data) throws IOException {
    List<Path> mine =
        Stream.of(READY, PARTIAL, OLD, COLLECTED).map(data::resolve).filter(Files::exists).toList();
    if (!mine.isEmpty()) {
      StoreSeed.alone(data.resolve(BackupParts.STORE), () -> tidy(data));
    }
  }

  private static void tidy(Path data) throws IOException {
    for (String left : List.of(PARTIAL, OLD, COLLECTED)) {
      DurableFiles.removeTree(data.resolve(left));
    }
    if (Files.exists(data.resolve(READY))) {
      restore(data, data.resolve(READY));
      LOG.info("the backup was restored; what was there before is in {}", data.resolve(BEFORE));
    }
  }

  private static void restore(Path data, Path ready) throws IOException {
    Path replaced = ready.resolve("replaced");
    for (String part : parts()) {
      Path fresh = ready.resolve(part);
      if (Files.exists(fresh)) {
        swap(data.resolve(part), fresh, replaced.resolve(part));
      }
    }
    if (Files.exists(replaced)) {
      DurableFiles.removeTree(data.resolve(BEFORE));
      DurableFiles.move(replaced, data.resolve(BEFORE));
    }
    DurableFiles.removeTree(ready);
  }

  private static List<String> parts() {
    return Stream.concat(
            Stream.of(BackupParts.STORE, BackupParts.ROOT_PASSWORD),
            BackupParts.FOLDERS.stream().map(BackupParts.Folder::name))
        .toList();
  }

  private static void swap(Path place, Path fresh, Path replaced) throws IOException {
    if (Files.exists(replaced)) {
      // An earlier start came as far; what is there now is what holds the lock, and nothing else.
      DurableFiles.removeTree(place);
    } else if (Files.exists(place)) {
      DurableFiles.move(place, replaced);
    }
    DurableFiles.move(fresh, place);
  }
}

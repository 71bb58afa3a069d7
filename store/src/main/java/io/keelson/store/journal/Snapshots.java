package io.keelson.store.journal;

import io.keelson.store.codec.SnapshotFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.server.protocol.TermIndex;

/** The folder of snapshots, of which the newest two are kept. */
final class Snapshots {
  private static final Pattern NAME = Pattern.compile("snapshot-(\\d{1,18})-(\\d{1,18})");
  private static final int KEPT = 2;

  private final Path folder;
  private final SnapshotFile format;

  Snapshots(Path folder, SnapshotFile format) {
    this.folder = folder;
    this.format = format;
  }

  /** A snapshot file, and the entry up to which it holds everything. */
  record Snapshot(Path file, TermIndex upTo) {}

  /** Oldest first. */
  List<Snapshot> list() throws IOException {
    List<Snapshot> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        files.forEach(file -> {
          Matcher name = NAME.matcher(file.getFileName().toString());
          if (name.matches()) {
            found.add(
                new Snapshot(
                    file,
                    TermIndex.valueOf(
                        Long.parseLong(name.group(1)), Long.parseLong(name.group(2)))));
          }
        });
      }
    }
    found.sort(Comparator.comparing(Snapshot::upTo));
    return found;
  }

  Optional<Snapshot> newest() throws IOException {
    List<Snapshot> all = list();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /**
   * Checks all files and reads the newest.
   *
   * @throws io.keelson.store.StoreException for the first that is damaged
   */
  Optional<SnapshotFile.Content> load() throws IOException {
    List<Snapshot> all = list();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    for (Snapshot older : all.subList(0, all.size() - 1)) {
      SnapshotFile.verify(older.file());
    }
    return Optional.of(format.read(all.getLast().file()));
  }

  void write(TermIndex upTo, SnapshotFile.Content content) throws IOException {
    Files.createDirectories(folder);
    format.write(folder.resolve("snapshot-" + upTo.getTerm() + "-" + upTo.getIndex()), content);
    List<Snapshot> all = list();
    for (Snapshot old : all.subList(0, Math.max(0, all.size() - KEPT))) {
      Files.delete(old.file());
    }
  }
}

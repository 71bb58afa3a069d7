package io.keelson.control.patch;

import io.keelson.store.codec.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Where patches lie: {@code keys} of those who are believed, {@code files} as they were uploaded,
 * {@code runs} of programs, a folder each, {@code scratch} for what is on its way.
 */
record PatchFiles(Path folder) {
  private static final String RUN_MARK = "_";

  /** A run: on which host, of which patch. */
  record Run(UUID host, String patch, Path folder) {}

  PatchKeys keys() {
    return new PatchKeys(folder.resolve("keys"));
  }

  private Path files() {
    return folder.resolve("files");
  }

  private Path places() {
    return folder.resolve("runs");
  }

  Path file(String uuid) {
    return files().resolve(uuid);
  }

  Run run(UUID host, String patch) {
    return new Run(host, patch, places().resolve(host + RUN_MARK + patch));
  }

  /** The runs that are left. */
  List<Run> runs() throws IOException {
    Path runs = places();
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(runs)) {
      return all.map(place -> place.getFileName().toString().split(RUN_MARK))
          .filter(parts -> parts.length == 2)
          .map(parts -> run(UUID.fromString(parts[0]), parts[1]))
          .toList();
    }
  }

  /** A new file that nobody else reads or writes. */
  Path scratch() throws IOException {
    return Files.createTempFile(privately(folder.resolve("scratch")), "patch", ".tmp");
  }

  /** An empty folder for a run. */
  void prepare(Run run) throws IOException {
    privately(places());
    DurableFiles.removeTree(run.folder());
    privately(run.folder());
  }

  /** Gives what was uploaded its place, durably. */
  void keep(Path uploaded, String uuid) throws IOException {
    Path target = file(uuid);
    privately(files());
    try (FileChannel file = FileChannel.open(uploaded, StandardOpenOption.WRITE)) {
      file.force(true);
    }
    Files.move(uploaded, target, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel place = FileChannel.open(files(), StandardOpenOption.READ)) {
      place.force(true);
    }
  }

  void forget(String uuid) throws IOException {
    Files.deleteIfExists(file(uuid));
  }

  /** Removes what no record names, and what an earlier run of the server had on its way. */
  void sweep(Set<String> named) throws IOException {
    DurableFiles.removeTree(folder.resolve("scratch"));
    Path files = files();
    if (Files.isDirectory(files)) {
      try (Stream<Path> all = Files.list(files)) {
        for (Path file : all.toList()) {
          if (!named.contains(file.getFileName().toString())) {
            Files.delete(file);
          }
        }
      }
    }
  }

  /** Bytes that there are for patches. */
  long space() throws IOException {
    return Files.getFileStore(privately(folder)).getUsableSpace();
  }

  private static Path privately(Path place) throws IOException {
    return Files.createDirectories(
        place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }
}

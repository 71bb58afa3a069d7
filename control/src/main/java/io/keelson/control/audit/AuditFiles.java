package io.keelson.control.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of an audit log: {@code audit-NUMBER.log}, by the number of the first line. */
final class AuditFiles {
  private static final String NAME = "audit-\\d{18}\\.log";

  private AuditFiles() {}

  static Path file(Path folder, long first) {
    return folder.resolve("audit-%018d.log".formatted(first));
  }

  /** Oldest first. */
  static List<Path> in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().matches(NAME)).sorted().toList();
    }
  }
}

package io.keelson.cli.client;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The files that the server may read and write: those that its user named on the command line, as
 * the value of whatever parameter. A server cannot ask for others. Logs that are fetched without a
 * name go to a new file whose name says what it is.
 */
record Permits(Set<Path> files) {
  private static final String LOGS = "logs-";

  static Permits of(List<String> words) {
    Set<Path> files = new HashSet<>();
    if (words.contains("host-logs-download")
        && words.stream().noneMatch(word -> word.startsWith("file-name="))) {
      files.add(whole(LOGS));
    }
    for (String word : words) {
      String value = word.substring(word.indexOf('=') + 1);
      if (word.indexOf('=') >= 0 && !value.isBlank()) {
        try {
          files.add(whole(value));
        } catch (InvalidPathException _) {
          // Not the name of a file.
        }
      }
    }
    return new Permits(Set.copyOf(files));
  }

  /**
   * The file of a name.
   *
   * @throws ClientException when its user has not named it
   */
  Path file(String name) throws ClientException {
    try {
      Path file = whole(name);
      if (files.contains(file)) {
        return file;
      }
    } catch (InvalidPathException _) {
      // Said below.
    }
    throw refused(name);
  }

  /**
   * A file that is to be made: one that the user has named, or one that has the user's name with
   * something behind it, for a command that makes several.
   *
   * @throws ClientException for any other
   */
  Path newFile(String name) throws ClientException {
    try {
      Path file = whole(name);
      if (files.stream().anyMatch(named -> begins(file, named))) {
        return file;
      }
    } catch (InvalidPathException _) {
      // Said below.
    }
    throw refused(name);
  }

  private static boolean begins(Path file, Path named) {
    return file.getFileName() != null
        && named.getFileName() != null
        && Objects.equals(file.getParent(), named.getParent())
        && file.getFileName().toString().startsWith(named.getFileName().toString());
  }

  private static ClientException refused(String name) {
    return ClientException.failed(
        "File not permitted: Blocked upload/download of the file %s, which was requested by the server. The file name was not present on the command line"
            .formatted(name));
  }

  private static Path whole(String name) {
    return Path.of(name).toAbsolutePath().normalize();
  }
}

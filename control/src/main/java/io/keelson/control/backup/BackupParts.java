package io.keelson.control.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What of a data folder is in a backup beside the objects. Disks, memory images and what TPMs
 * remember are the guests'; plugins, keys of patches and ISO images the operator has put there by
 * hand, and no call of the API puts them back; the audit log is never taken back.
 */
final class BackupParts {
  /** The objects, in an archive. */
  static final String OBJECTS = "objects";

  /** The store, in the data folder. */
  static final String STORE = "store";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}");

  /**
   * A folder of files.
   *
   * @param lasting whether its files are written once and under names of their own
   * @param whole whether what is not in the backup goes when it is restored
   */
  record Folder(String name, boolean lasting, boolean whole) {}

  static final List<Folder> FOLDERS =
      List.of(
          new Folder("tls", false, false),
          new Folder("trust/certificates", false, true),
          new Folder("trust/lists", false, true),
          new Folder("blobs", true, true),
          new Folder("patches/files", true, true));

  static final String ROOT_PASSWORD = "root-password";

  private BackupParts() {}

  /** Whether a file of an archive is one that belongs there. */
  static boolean has(String path) {
    return path.equals(OBJECTS)
        || path.equals(ROOT_PASSWORD)
        || FOLDERS.stream()
            .filter(folder -> path.startsWith(folder.name + "/"))
            .anyMatch(folder -> NAME.matcher(path.substring(folder.name.length() + 1)).matches());
  }

  /** The files of a folder that a backup has. */
  static List<Path> files(Path data, Folder folder) throws IOException {
    Path place = data.resolve(folder.name);
    if (!Files.isDirectory(place)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(place)) {
      return all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }
}

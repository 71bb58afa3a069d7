package io.keelson.host.storage.folder;

import static io.keelson.host.storage.folder.FolderFiles.failed;
import static io.keelson.host.storage.folder.FolderFiles.flush;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The file by which a folder is a repository, and that tells which. */
public final class Marker {
  static final String FILE = "keelson-sr";

  /** A marker that is being written. */
  public static final String DRAFT = FILE + ".new";

  private static final String HEADING = "keelson-sr 1";

  private Marker() {}

  /** The repository that the folder holds; empty when it holds none. */
  public static Optional<UUID> read(Path folder) {
    Path marker = folder.resolve(FILE);
    if (!Files.isRegularFile(marker, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (var in = Files.newInputStream(marker)) {
      List<String> lines = new String(in.readNBytes(256), StandardCharsets.UTF_8).lines().toList();
      if (lines.size() == 2
          && lines.getFirst().equals(HEADING)
          && lines.getLast().matches(Folder.UUID_TEXT)) {
        return Optional.of(UUID.fromString(lines.getLast()));
      }
      throw new DriverException(Reason.CORRUPT, marker + " is not of a known form");
    } catch (IOException e) {
      throw failed("read", marker, e);
    }
  }

  /** Makes the folder that repository, at once. */
  static void write(Path folder, UUID sr) throws IOException {
    Path draft = folder.resolve(DRAFT);
    Files.writeString(draft, HEADING + "\n" + sr + "\n");
    flush(draft);
    Files.move(draft, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    flush(folder);
  }
}

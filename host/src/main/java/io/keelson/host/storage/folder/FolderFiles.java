package io.keelson.host.storage.folder;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.nfs.NfsFileSystem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is done in the folders of repositories; raises FAILED, and NO_SPACE. */
final class FolderFiles {
  private FolderFiles() {}

  /** The names of what is in a folder; none when it is not there. */
  static List<String> names(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<String> names = new ArrayList<>();
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
      return names;
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw failed("list", folder, e);
    }
  }

  static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed("remove", file, e);
    }
  }

  /** Sees to it that a file, or the entries of a folder, are on the disk. */
  static void flush(Path path) {
    if (path.getFileSystem() instanceof NfsFileSystem files) {
      commit(files, path);
      return;
    }
    // A folder opens for reading only, and flushing it writes its entries.
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw failed("flush", path, e);
    }
  }

  private static void commit(NfsFileSystem files, Path path) {
    try {
      files.commit(path);
    } catch (IOException e) {
      throw failed("flush", path, e);
    }
  }

  static DriverException failed(String verb, Path path, IOException cause) {
    String text = String.valueOf(cause.getMessage());
    Reason reason =
        text.contains("No space left") || text.contains("quota exceeded")
            ? Reason.NO_SPACE
            : Reason.FAILED;
    return new DriverException(reason, "cannot " + verb + " " + path + ": " + text, cause);
  }
}

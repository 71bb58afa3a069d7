package io.keelson.store.codec;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** Changes to files and folders that last when the machine loses power. */
public final class DurableFiles {
  private DurableFiles() {}

  /** Makes what a folder lists durable. */
  public static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Where a file's new content goes until it is whole. */
  public static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + ".tmp");
  }

  /** Puts the temporary file, itself durable already, in the place of the file. */
  public static void replace(Path file) throws IOException {
    Files.move(
        temporary(file), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      syncFolder(folder);
    }
  }

  /** Moves a file or folder to a place that is free; the folders above it are made. */
  public static void move(Path from, Path to) throws IOException {
    Files.createDirectories(folderOf(to));
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    syncFolder(folderOf(to));
    syncFolder(folderOf(from));
  }

  /** Makes all that is in a folder durable, and that it is there. */
  public static void syncTree(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) tree::iterator) {
        syncFolder(path); // files are synced in the same way
      }
    }
    syncFolder(folderOf(folder));
  }

  /** Removes a folder with all that is in it, if it is there; links are not followed. */
  public static void removeTree(Path folder) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> tree = Files.walk(folder)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static Path folderOf(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    return folder == null ? path : folder;
  }
}

package io.keelson.control.blob;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files with the contents of blobs. A file is written once, under a name of its own, and counts
 * from when a record names it: whatever happens, a blob has its old content or its new one.
 */
final class BlobFiles {
  private static final Logger LOG = LoggerFactory.getLogger(BlobFiles.class);

  private final Path folder;
  private final Set<String> making = ConcurrentHashMap.newKeySet();

  BlobFiles(Path folder) {
    this.folder = folder;
  }

  /** A file in the making; closed once a record names it, or will not. */
  final class Made implements AutoCloseable {
    private final String name = UUID.randomUUID().toString();

    private Made() throws IOException {
      Files.createDirectories(folder);
      making.add(name);
    }

    String name() {
      return name;
    }

    FileChannel open() throws IOException {
      return FileChannel.open(
          folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Makes it durable that the file is there; its bytes are by now. */
    void list() throws IOException {
      try (FileChannel listed = FileChannel.open(folder, StandardOpenOption.READ)) {
        listed.force(true);
      }
    }

    @Override
    public void close() {
      making.remove(name);
    }
  }

  Made make() throws IOException {
    return new Made();
  }

  /** The content of that name; it can be read to its end though it be removed meanwhile. */
  Optional<FileChannel> find(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file)
        ? Optional.of(FileChannel.open(file, StandardOpenOption.READ))
        : Optional.empty();
  }

  /** Bytes that can be written before the medium is full. */
  long space() throws IOException {
    return Files.getFileStore(Files.createDirectories(folder)).getUsableSpace();
  }

  void remove(String name) {
    try {
      Files.deleteIfExists(folder.resolve(name));
    } catch (IOException e) {
      LOG.warn("a blob's file stays until it is tried again", e);
    }
  }

  /**
   * Removes what nothing names.
   *
   * @param named asked after the files and those in the making, as what was made is named before it
   *     is no longer in the making
   */
  void sweep(Supplier<Set<String>> named) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      Set<String> found = new HashSet<>(files.map(file -> file.getFileName().toString()).toList());
      found.removeAll(Set.copyOf(making));
      found.removeAll(named.get());
      found.forEach(this::remove);
    } catch (IOException e) {
      LOG.warn("the files of blobs cannot be listed", e);
    }
  }
}

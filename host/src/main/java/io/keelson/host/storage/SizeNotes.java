package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The sizes of volumes that have nothing else, each in a small file named by the volume. */
record SizeNotes(Path folder) {
  private static final String UUID_TEXT = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  static void make(Path folder) {
    try {
      Files.createDirectories(folder.getParent());
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      throw new DriverException(Reason.ALREADY_EXISTS, folder + " exists", e);
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot make " + folder, e);
    }
  }

  static SizeNotes open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new DriverException(Reason.NOT_FOUND, folder + " holds no repository");
    }
    return new SizeNotes(folder);
  }

  List<UUID> all() {
    return in(folder);
  }

  long size(UUID vdi) {
    try {
      return Long.parseLong(Files.readString(folder.resolve(vdi.toString())));
    } catch (NoSuchFileException e) {
      throw new DriverException(Reason.NOT_FOUND, "volume " + vdi + " does not exist", e);
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot read the size of " + vdi, e);
    } catch (NumberFormatException e) {
      throw new DriverException(Reason.CORRUPT, "the size of " + vdi + " is no number", e);
    }
  }

  void add(UUID vdi, long size) {
    if (Files.exists(folder.resolve(vdi.toString()))) {
      throw new DriverException(Reason.ALREADY_EXISTS, "volume " + vdi + " exists");
    }
    change(vdi, size);
  }

  /** Writes the size in one step that a crash cannot tear. */
  void change(UUID vdi, long size) {
    Path draft = folder.resolve(vdi + ".new");
    try {
      Files.writeString(
          draft,
          Long.toString(size),
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE,
          StandardOpenOption.SYNC);
      Files.move(draft, folder.resolve(vdi.toString()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot write the size of " + vdi, e);
    }
  }

  void remove(UUID vdi) {
    try {
      Files.delete(folder.resolve(vdi.toString()));
    } catch (NoSuchFileException e) {
      throw new DriverException(Reason.NOT_FOUND, "volume " + vdi + " does not exist", e);
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot remove volume " + vdi, e);
    }
  }

  void delete() {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        Files.delete(entry);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot remove " + folder, e);
    }
  }

  /** The entries of a folder that are named by a uuid. */
  static List<UUID> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.matches(UUID_TEXT))
          .map(UUID::fromString)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot list " + folder, e);
    }
  }
}

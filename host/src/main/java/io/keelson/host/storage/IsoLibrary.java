package io.keelson.host.storage;

import io.keelson.host.DiskSource;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Volume;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder of ISO images.
 *
 * @param sr the repository it is
 * @param folder where the images lie, without links in its path
 */
record IsoLibrary(UUID sr, Path folder) {

  /** Opens the folder. Raises NOT_FOUND when it is none. */
  static IsoLibrary in(UUID sr, Path location) {
    try {
      Path real = location.toRealPath();
      if (Files.isDirectory(real)) {
        return new IsoLibrary(sr, real);
      }
    } catch (IOException e) {
      throw new DriverException(Reason.NOT_FOUND, location + " is no folder", e);
    }
    throw new DriverException(Reason.NOT_FOUND, location + " is no folder");
  }

  List<Volume> volumes() {
    List<Volume> volumes = new ArrayList<>();
    for (Path file : files()) {
      image(file).ifPresent(image -> volumes.add(volume(file, image)));
    }
    return volumes;
  }

  Volume volume(UUID vdi) {
    Path file = file(vdi);
    return volume(file, inside(file));
  }

  DiskSource source(UUID vdi) {
    return new DiskSource(inside(file(vdi)).toString(), DiskSource.Format.RAW);
  }

  /** The same for a file name for ever, so that a file that comes back is the same VDI. */
  private UUID identity(Path file) {
    String name = sr + "/" + file.getFileName();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }

  private Path file(UUID vdi) {
    return files().stream()
        .filter(file -> identity(file).equals(vdi))
        .findFirst()
        .orElseThrow(
            () -> new DriverException(Reason.NOT_FOUND, "image " + vdi + " is not in " + folder));
  }

  private Path inside(Path file) {
    return image(file)
        .orElseThrow(
            () -> new DriverException(Reason.NOT_FOUND, file + " is no file of the library"));
  }

  /** The file that the entry is or links to; empty when that lies outside the library. */
  private Optional<Path> image(Path entry) {
    try {
      Path real = entry.toRealPath();
      return real.startsWith(folder) && Files.isRegularFile(real)
          ? Optional.of(real)
          : Optional.empty();
    } catch (IOException e) {
      // A link to nowhere, or a file that was removed this instant.
      return Optional.empty();
    }
  }

  private Volume volume(Path entry, Path image) {
    try {
      String name = entry.getFileName().toString();
      long size = Files.size(image);
      return new Volume(identity(entry), name, name, size, size, true);
    } catch (IOException e) {
      throw new DriverException(Reason.NOT_FOUND, entry + " does not exist", e);
    }
  }

  private List<Path> files() {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(e -> e.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".iso"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new DriverException(Reason.NOT_FOUND, "cannot list " + folder, e);
    }
  }
}

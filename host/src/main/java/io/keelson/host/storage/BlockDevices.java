package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.StorageFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The host's block devices, as the kernel shows them. */
final class BlockDevices {
  private static final int TYPE = 0170000;
  private static final int BLOCK = 0060000;
  private static final long SECTOR = 512;
  private static final Path CLASS = Path.of("/sys/class/block");

  private BlockDevices() {}

  /**
   * One of them.
   *
   * @param path in /dev, without links
   * @param number major and minor, as in 7:0
   */
  record Device(Path path, String number) {
    private Path facts() {
      return CLASS.resolve(path.getFileName().toString().replace('/', '!'));
    }

    /** Bytes; 0 for a drive without a medium. */
    long size() {
      return text("size").map(Long::parseLong).orElse(0L) * SECTOR;
    }

    boolean isCd() {
      return path.getFileName().toString().matches("sr\\d+");
    }

    /** Whether its medium can be taken out. */
    boolean removable() {
      return text("removable").filter("1"::equals).isPresent();
    }

    /** Maker and model, where the kernel knows them. */
    String name() {
      String made = text("device/vendor").orElse("") + " " + text("device/model").orElse("");
      return made.isBlank() ? path.getFileName().toString() : made.strip();
    }

    boolean readOnly() {
      return isCd() || text("ro").filter("1"::equals).isPresent();
    }

    boolean mounted() {
      return Mounts.all().stream().anyMatch(mount -> mount.device().equals(number));
    }

    /** Raises ROOT_DEVICE and DEVICE_IN_USE when what is on it is used. */
    void requireUnused() {
      if (Mounts.at(Path.of("/")).filter(mount -> mount.device().equals(number)).isPresent()) {
        throw DriverException.of(StorageFault.ROOT_DEVICE, path.toString());
      }
      if (mounted()) {
        throw DriverException.of(StorageFault.DEVICE_IN_USE, path + " is mounted");
      }
    }

    private Optional<String> text(String file) {
      try {
        return Optional.of(Files.readString(facts().resolve(file)).strip());
      } catch (IOException e) {
        return Optional.empty();
      }
    }
  }

  /** The device at a path that may be a link. Raises DEVICE_INVALID. */
  static Device at(String text) {
    Path path = Path.of(text);
    return path.isAbsolute() ? find(path).orElseThrow(() -> invalid(text)) : refuse(text);
  }

  /** The devices among the entries of a folder, and those that its links lead to. */
  static List<Device> in(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().flatMap(entry -> find(entry).stream()).toList();
    } catch (IOException e) {
      throw DriverException.of(StorageFault.LOCATION_MISSING, folder + " is no folder");
    }
  }

  /** Every device that is a whole disk or drive. */
  static List<Device> whole() {
    try (Stream<Path> entries = Files.list(Path.of("/sys/block"))) {
      return entries
          .sorted()
          .flatMap(e -> find(Path.of("/dev").resolve(e.getFileName().toString())).stream())
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static Optional<Device> find(Path path) {
    try {
      Path real = path.toRealPath();
      if (Requirements.attribute(real, "unix:mode") instanceof Integer mode
          && (mode & TYPE) == BLOCK
          && Requirements.attribute(real, "unix:rdev") instanceof Long number) {
        return Optional.of(new Device(real, number(number)));
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** As glibc packs a device's number. */
  private static String number(long packed) {
    long major = (packed >> 8 & 0xfff) | (packed >> 32 & ~0xfffL);
    long minor = (packed & 0xff) | (packed >> 12 & ~0xffL & 0xffffffffL);
    return major + ":" + minor;
  }

  private static Device refuse(String text) {
    throw invalid(text);
  }

  private static DriverException invalid(String text) {
    return DriverException.of(StorageFault.DEVICE_INVALID, text);
  }
}

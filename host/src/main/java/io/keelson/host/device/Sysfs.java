package io.keelson.host.device;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files in which the kernel shows devices and takes orders about them.
 *
 * @param root where {@code sys} and {@code usr} lie
 */
record Sysfs(Path root) {
  private static final String DEVICES = "sys/bus/pci/devices";
  private static final String DRIVERS = "sys/bus/pci/drivers";
  private static final String DRIVER = "driver";

  /** A bus address that the kernel would write so, and that is no path to somewhere else. */
  private static final String ADDRESS = "[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]";

  /** The addresses of all devices, in their order. */
  List<String> addresses() {
    return names(root.resolve(DEVICES)).stream().filter(name -> name.matches(ADDRESS)).toList();
  }

  /** The folder of a device; raises NOT_FOUND. */
  Path device(String address) {
    Path folder = root.resolve(DEVICES).resolve(address);
    if (!address.matches(ADDRESS) || !Files.isDirectory(folder)) {
      throw new DriverException(Reason.NOT_FOUND, "there is no PCI device " + address);
    }
    return folder;
  }

  Path bus() {
    return root.resolve("sys/bus/pci");
  }

  /** A driver's folder, whether or not it is there. */
  Path driver(String name) {
    return root.resolve(DRIVERS).resolve(name);
  }

  /** Which driver has the device. */
  Optional<String> driverOf(String address) {
    return target(device(address).resolve(DRIVER));
  }

  /** The device's group, whose members the machine's IOMMU cannot tell apart. */
  Optional<String> group(String address) {
    return target(device(address).resolve("iommu_group"));
  }

  /** The addresses in the group of a device, its own among them. */
  List<String> members(String address) {
    return names(device(address).resolve("iommu_group/devices"));
  }

  /** Whether the machine has an IOMMU that works. */
  boolean hasGroups() {
    return !names(root.resolve("sys/kernel/iommu_groups")).isEmpty();
  }

  /** The last name of what a link leads to; empty for no link. */
  private static Optional<String> target(Path link) {
    try {
      return Files.isSymbolicLink(link)
          ? Optional.ofNullable(Files.readSymbolicLink(link).getFileName()).map(Path::toString)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // it has just gone
    }
  }

  static boolean isLink(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** What is in a folder, in the order of names; nothing in one that is not there. */
  static List<String> names(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(Path::getFileName).map(String::valueOf).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** A file's text; empty when there is none. */
  static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** A number that the kernel writes as 0x1af4; empty for none. */
  static String hex(Path file) {
    return text(file).replaceFirst("^0x", "");
  }

  /** Gives the kernel an order; raises NOT_FOUND, UNSUPPORTED for an ordinary user, FAILED. */
  static void order(Path file, String words) {
    try {
      Files.writeString(
          file, words, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    } catch (NoSuchFileException e) {
      throw new DriverException(Reason.NOT_FOUND, "the kernel has no " + file, e);
    } catch (AccessDeniedException e) {
      throw new DriverException(Reason.UNSUPPORTED, "not allowed to write " + file, e);
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "the kernel refuses " + words + ": " + e, e);
    }
  }
}

package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.StorageFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** What a kind of storage needs of the machine, looked up when it is needed. */
final class Requirements {
  private static final Path FILE_SYSTEMS = Path.of("/proc/filesystems");
  private static final Path DRIVERS = Path.of("/proc/misc");

  private Requirements() {}

  /** Raises UNAVAILABLE unless this process may mount. */
  static void root(String what) {
    if (!isRoot()) {
      throw DriverException.of(StorageFault.UNAVAILABLE, what + " needs root");
    }
  }

  static boolean isRoot() {
    return Integer.valueOf(0).equals(attribute(Path.of("/proc/self"), "unix:uid"));
  }

  /** The path of a program, also one for administrators. Raises UNAVAILABLE. */
  static String program(String name) {
    return find(name)
        .orElseThrow(() -> DriverException.of(StorageFault.UNAVAILABLE, name + " is not installed"))
        .toString();
  }

  static boolean has(String program) {
    return find(program).isPresent();
  }

  private static Optional<Path> find(String name) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/sbin", "/sbin"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Whether the kernel knows the file system, perhaps after its module was loaded. */
  static boolean fileSystem(String name) {
    return has(() -> lists(FILE_SYSTEMS, "\t" + name), name);
  }

  /** Whether the kernel has the driver, perhaps after its module was loaded. */
  static boolean driver(String name, String module) {
    return has(() -> lists(DRIVERS, " " + name), module);
  }

  /** Whether the kernel shows the path, perhaps after the module was loaded. */
  static boolean kernelHas(Path path, String module) {
    return has(() -> Files.exists(path), module);
  }

  private static boolean has(BooleanSupplier known, String module) {
    if (!known.getAsBoolean() && isRoot() && Files.isExecutable(Path.of("/sbin/modprobe"))) {
      Run.quietly(List.of("/sbin/modprobe", "-q", module));
    }
    return known.getAsBoolean();
  }

  private static boolean lists(Path list, String ending) {
    try {
      return Files.readAllLines(list).stream().anyMatch(line -> line.endsWith(ending));
    } catch (IOException e) {
      return false;
    }
  }

  /** An attribute of a file, or an empty text when it cannot be read. */
  static Object attribute(Path path, String name) {
    try {
      return Files.getAttribute(path, name);
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }
}

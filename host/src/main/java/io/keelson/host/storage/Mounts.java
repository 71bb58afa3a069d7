package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.StorageFault;
import io.keelson.host.process.Program;
import io.keelson.host.process.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Mounts in a private folder, one a repository. They outlive this process, since guests use them,
 * and are found again by what the kernel says.
 *
 * @param folder where they are
 */
record Mounts(Path folder) {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

  /**
   * One of the kernel's mounts.
   *
   * @param device number of the device
   * @param source what is mounted
   */
  record Mount(Path point, String device, String source) {}

  /**
   * Mounts the source at the point of that name, if it is not yet.
   *
   * @param fault what it is when that fails
   */
  Path mount(String name, String type, String source, List<String> options, StorageFault fault) {
    Path point = folder.resolve(name);
    try {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      if (at(point).isPresent()) {
        return point;
      }
      Files.createDirectories(point);
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot make " + point, e);
    }
    List<String> all = new ArrayList<>(List.of("nosuid", "nodev", "noexec"));
    all.addAll(options);
    Outcome outcome =
        Program.run(
            LIMIT,
            List.of(
                Requirements.program("mount"),
                "-t",
                type,
                "-o",
                String.join(",", all),
                "--",
                source,
                point.toString()));
    if (!outcome.ok()) {
      remove(point);
      throw DriverException.of(fault, outcome.complaint());
    }
    return point;
  }

  /** Takes down the mount at the point, if there is one. */
  void unmount(Path point) {
    if (at(point).isPresent()) {
      Outcome outcome =
          Program.run(LIMIT, List.of(Requirements.program("umount"), "--", point.toString()));
      if (!outcome.ok()) {
        throw new DriverException(Reason.FAILED, outcome.complaint());
      }
    }
    remove(point);
  }

  /** What is mounted at the point. */
  static Optional<Mount> at(Path point) {
    return all().stream()
        .filter(mount -> mount.point().equals(point))
        .reduce((before, after) -> after);
  }

  /** What is mounted anywhere. */
  static List<Mount> all() {
    try {
      return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
          .map(line -> mount(List.of(line.split(" "))))
          .toList();
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "the kernel does not tell its mounts", e);
    }
  }

  private static Mount mount(List<String> fields) {
    int end = fields.indexOf("-");
    return new Mount(Path.of(plain(fields.get(4))), fields.get(2), plain(fields.get(end + 2)));
  }

  /** The kernel writes spaces and the like as three octal digits. */
  private static String plain(String text) {
    return OCTAL.matcher(text).replaceAll(m -> Character.toString(Integer.parseInt(m.group(1), 8)));
  }

  private static void remove(Path point) {
    try {
      Files.deleteIfExists(point);
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot remove " + point, e);
    }
  }
}

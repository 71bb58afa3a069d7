package io.keelson.host.qemu;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * How the driver works.
 *
 * @param program QEMU's program for x86-64 machines
 * @param start how long a process may take until it answers; a loaded host is slow, not broken
 * @param command how long it may take for a command
 * @param unplug how long the guest may take to let go of a device
 */
public record QemuSettings(Path program, Duration start, Duration command, Duration unplug) {

  /** What suits a host in use, with the QEMU that is found on the PATH. */
  public static QemuSettings usual() {
    return new QemuSettings(
        find(), Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(10));
  }

  private static Path find() {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin");
    return Stream.concat(
            Stream.of(path.split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "qemu-system-x86_64")),
            Stream.of(Path.of("/usr/libexec/qemu-kvm")))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(Path.of("/usr/bin/qemu-system-x86_64"));
  }
}

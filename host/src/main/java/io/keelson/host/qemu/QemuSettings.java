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
 * @param tpm swtpm's program, which plays TPMs
 * @param start how long a process may take until it answers; a loaded host is slow, not broken
 * @param command how long it may take for a command
 * @param unplug how long the guest may take to let go of a device
 */
public record QemuSettings(
    Path program, Path tpm, Duration start, Duration command, Duration unplug) {

  /** What suits a host in use, with the QEMU that is found on the PATH. */
  public static QemuSettings usual() {
    return new QemuSettings(
        qemu(),
        find("swtpm").findFirst().orElse(Path.of("/usr/bin/swtpm")),
        Duration.ofSeconds(60),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10));
  }

  private static Path qemu() {
    return Stream.concat(
            find("qemu-system-x86_64"),
            Stream.of(Path.of("/usr/libexec/qemu-kvm")).filter(Files::isExecutable))
        .findFirst()
        .orElse(Path.of("/usr/bin/qemu-system-x86_64"));
  }

  private static Stream<Path> find(String name) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin");
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable);
  }
}

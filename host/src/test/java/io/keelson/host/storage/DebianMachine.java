package io.keelson.host.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A machine with Debian's kernel and this host's files, in QEMU: what needs drivers that the host's
 * own kernel may lack runs there, with the very classes and programs that are here.
 */
final class DebianMachine {
  private static final Duration LIMIT = Duration.ofMinutes(4);

  /**
   * Where Debian has the daemon that shares the files: with QEMU, later in a package of its own.
   */
  private static final List<Path> DAEMONS =
      List.of(Path.of("/usr/lib/qemu/virtiofsd"), Path.of("/usr/libexec/virtiofsd"));

  /** Repeated string instructions are slow in QEMU, and what says that they are fast misleads. */
  private static final String PROCESSOR = "max,-erms,-fsrm";

  private DebianMachine() {}

  /**
   * Runs the class's {@code main}, and returns what it says; skips the test where that cannot be.
   */
  static String run(Path folder, Class<?> program) throws Exception {
    Path guest = Path.of(System.getenv().getOrDefault("KEELSON_GUEST", "/nowhere"));
    assumeTrue(Files.exists(guest.resolve("machine.initrd")), "./keelson test builds the machine");
    assumeTrue(Requirements.isRoot(), "this is root, who may share the host's files");
    Optional<Path> daemon = DAEMONS.stream().filter(Files::isExecutable).findFirst();
    assumeTrue(daemon.isPresent(), "virtiofsd is installed");
    Path script = Files.writeString(folder.resolve("program"), script(program));
    Path socket = folder.resolve("files");
    Process files = start(folder, sharing(daemon.orElseThrow(), socket));
    try {
      await().atMost(LIMIT).until(() -> Files.exists(socket) || !files.isAlive());
      Process machine = start(folder, machine(guest, script, socket));
      try {
        boolean ended = machine.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        String said = Files.readString(folder.resolve("serial"));
        assertThat(ended).as(said).isTrue();
        return said;
      } finally {
        machine.destroyForcibly().onExit().join();
      }
    } finally {
      files.destroyForcibly().onExit().join();
    }
  }

  private static String script(Class<?> program) {
    return "export PATH=/usr/sbin:/sbin:/usr/bin:/bin\nexec '"
        + Path.of(System.getProperty("java.home"), "bin", "java")
        + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m -cp '"
        + System.getProperty("java.class.path")
        + "' "
        + program.getName()
        + " 2>&1\n";
  }

  private static List<String> sharing(Path daemon, Path socket) {
    return List.of(
        daemon.toString(),
        "--socket-path=" + socket,
        "-o",
        "source=/",
        "-o",
        "sandbox=chroot",
        "-o",
        "cache=always");
  }

  private static List<String> machine(Path guest, Path script, Path socket) {
    String options =
        "-machine q35,memory-backend=memory -m 1G -smp 2 -accel tcg -nodefaults -display none"
            + " -object memory-backend-memfd,id=memory,size=1G,share=on -no-reboot"
            + " -serial file:serial -device vhost-user-fs-pci,chardev=files,tag=host"
            + " -cpu "
            + PROCESSOR;
    List<String> command = new ArrayList<>(List.of("qemu-system-x86_64"));
    command.addAll(List.of(options.split(" ")));
    Stream.of(
            "-chardev",
            "socket,id=files,path=" + socket,
            "-kernel",
            guest.resolve("vmlinuz").toString(),
            "-initrd",
            guest.resolve("machine.initrd").toString(),
            "-append",
            "console=ttyS0 quiet loglevel=1 rdinit=/sbin/machine no_timer_check tsc=reliable mitigations=off"
                + " program="
                + script)
        .forEach(command::add);
    return command;
  }

  private static Process start(Path folder, List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("output").toFile()))
        .start();
  }
}

package io.keelson.testkit.machines;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import io.keelson.host.qemu.BootSector;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Real guests: how they get their disk, and how they are heard and spoken to. */
final class Guests implements AutoCloseable {
  private static final Duration LONGEST_BOOT = Duration.ofSeconds(90);

  private final ServerBox box;
  private final Api api;
  private Optional<SocketChannel> line = Optional.empty();

  Guests(ServerBox box, Api api) {
    this.box = box;
    this.api = api;
  }

  /** Whether virtual machines can be run here at all. */
  static boolean possible() {
    return program("qemu-system-x86_64") && program("qemu-img") && program("qemu-io");
  }

  /** A VM that boots from a disk of its own to the guest of one sector. */
  JsonNode bootSector(Vms vms, Path scratch) throws IOException {
    JsonNode vdi = vms.disk();
    Path sector = Files.write(scratch.resolve("sector"), BootSector.bytes());
    run("qemu-io", "-f", "qcow2", "-c", "write -s " + sector + " 0 512", file(vdi).toString());
    JsonNode vm = vms.halted();
    vms.drive(vm, vdi, "0");
    return vm;
  }

  /** Fills the beginning of a disk that nothing uses with that byte. */
  void write(JsonNode vdi, String pattern) throws IOException {
    run("qemu-io", "-f", "qcow2", "-c", "write -P " + pattern + " 0 1M", image(vdi));
  }

  /** Makes sure that the beginning of a disk that nothing uses holds that byte. */
  void read(JsonNode vdi, String pattern) throws IOException {
    String command = "read -P " + pattern + " 0 1M";
    run("qemu-io", "-r", "-f", "qcow2", "-c", command, image(vdi));
  }

  /** What a disk rests on is named from where its image really is. */
  private String image(JsonNode vdi) throws IOException {
    return file(vdi).toRealPath().toString();
  }

  /** The image of a disk of the default repository. */
  Path file(JsonNode vdi) throws IOException {
    String uuid = api.read("VDI.get_uuid", vdi);
    try (Stream<Path> files = Files.walk(box.data().resolve("sr"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().startsWith(uuid))
          .filter(file -> !file.getFileName().toString().endsWith(".json"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** All that the guest has written since its domain started. */
  String serial(JsonNode vm) throws IOException {
    Path log = folder(vm).resolve("serial.log");
    return Files.exists(log) ? Files.readString(log, ISO_8859_1) : "";
  }

  /** Waits until the guest has written that text so many times. */
  void awaitSerial(JsonNode vm, String text, int times) {
    await(text)
        .atMost(LONGEST_BOOT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> serial(vm).split(Pattern.quote(text), -1).length > times);
  }

  /**
   * Types into the guest's serial port. The line stays open until the next text is typed, or this
   * is closed: QEMU takes a byte when the guest has read the one before, drops what waits when a
   * line is closed, and hears one line at a time.
   */
  void type(JsonNode vm, String text) throws IOException {
    close();
    SocketChannel serial = SocketChannel.open(StandardProtocolFamily.UNIX);
    line = Optional.of(serial);
    serial.connect(UnixDomainSocketAddress.of(folder(vm).resolve("serial.sock")));
    Thread.ofVirtual().start(() -> drain(serial));
    ByteBuffer bytes = ISO_8859_1.encode(text);
    while (bytes.hasRemaining()) {
      serial.write(bytes);
    }
  }

  /** A guest whose words nobody takes falls silent after some hundred of them. */
  private static void drain(SocketChannel serial) {
    ByteBuffer heard = ByteBuffer.allocate(4096);
    try {
      while (serial.read(heard.clear()) >= 0) {}
    } catch (IOException _) {
      // The line was closed.
    }
  }

  /** Types a command into a shell and waits until it has succeeded. */
  void say(JsonNode vm, String command) throws IOException {
    String done = "done-" + System.nanoTime();
    // The quotes keep the echo of the command from matching.
    type(vm, command + " && echo do\"\"ne-" + done.substring(5) + "\n");
    awaitSerial(vm, done, 1);
  }

  void awaitPowerState(JsonNode vm, String state) {
    await(state)
        .atMost(LONGEST_BOOT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> api.read("VM.get_power_state", vm).equals(state));
  }

  /** Hangs up. */
  @Override
  public void close() throws IOException {
    if (line.isPresent()) {
      line.get().close();
    }
  }

  private Path folder(JsonNode vm) {
    return box.data().resolve("run/domains").resolve(api.read("VM.get_uuid", vm));
  }

  private static boolean program(String name) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
    if (process.onExit().join().exitValue() != 0 || output.contains("verification failed")) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
  }
}

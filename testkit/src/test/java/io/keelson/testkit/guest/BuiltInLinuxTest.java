package io.keelson.testkit.guest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltInLinuxTest {
  private static final Duration BOOT = Duration.ofSeconds(90);

  @TempDir private Path folder;
  private Optional<Process> machine = Optional.empty();

  @BeforeEach
  void boot() throws IOException {
    Path guest = Path.of(System.getenv().getOrDefault("KEELSON_GUEST", "/nowhere"));
    assumeTrue(Files.exists(guest.resolve("initrd")), "./keelson test builds the guest");
    Files.write(folder.resolve("disk"), new byte[1 << 20]);
    String options =
        "-machine q35 -accel tcg,tb-size=64 -m 128 -nodefaults -display none -no-reboot"
            + " -serial file:serial -qmp unix:qmp,server=on,wait=off"
            + " -drive file=disk,format=raw,if=none,id=disk -device virtio-blk-pci,drive=disk"
            + " -netdev user,id=net -device virtio-net-pci,netdev=net"
            + " -chardev socket,id=agent,path=agent,server=on,wait=off -device virtio-serial-pci"
            + " -device virtserialport,chardev=agent,name=org.qemu.guest_agent.0";
    List<String> command = new ArrayList<>(List.of("qemu-system-x86_64"));
    command.addAll(List.of(options.split(" ")));
    command.addAll(List.of("-kernel", guest.resolve("vmlinuz").toString()));
    command.addAll(List.of("-initrd", guest.resolve("initrd").toString()));
    command.addAll(List.of("-append", "console=ttyS0 quiet no_timer_check tsc=reliable"));
    machine = Optional.of(new ProcessBuilder(command).directory(folder.toFile()).start());
  }

  @AfterEach
  void end() {
    machine.ifPresent(Process::destroyForcibly);
  }

  @Test
  void bootsTakesAnAddressAnswersAndObeysThePowerButton() throws Exception {
    await().atMost(BOOT).until(() -> console().contains("keelson guest ready: Linux "));
    await()
        .atMost(BOOT)
        .until(() -> console().contains("keelson guest address: eth0 10.0.2.15/24"));

    assertThat(say("agent", "{\"execute\":\"guest-sync\",\"arguments\":{\"id\":77}}\n", 1))
        .contains("{\"return\": 77}");
    assertThat(say("agent", "{\"execute\":\"guest-network-get-interfaces\"}\n", 1))
        .contains("\"ip-address\": \"10.0.2.15\"");

    qmp("{\"execute\":\"system_powerdown\"}");

    assertThat(machine.orElseThrow().waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(console()).contains("keelson guest stops: poweroff");
  }

  @Test
  void rebootsOnControlAltDelete() throws Exception {
    await().atMost(BOOT).until(() -> console().contains("keelson guest ready: Linux "));

    qmp(
        "{\"execute\":\"send-key\",\"arguments\":{\"keys\":[{\"type\":\"qcode\",\"data\":\"ctrl\"},"
            + "{\"type\":\"qcode\",\"data\":\"alt\"},{\"type\":\"qcode\",\"data\":\"delete\"}]}}");

    assertThat(machine.orElseThrow().waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(console()).contains("keelson guest stops: reboot");
  }

  private String console() throws IOException {
    Path serial = folder.resolve("serial");
    return Files.exists(serial) ? Files.readString(serial, UTF_8) : "";
  }

  /** Sends one command over QEMU's monitor and waits until it is taken. */
  private void qmp(String command) throws IOException {
    say("qmp", "{\"execute\":\"qmp_capabilities\"}" + command, 2);
  }

  /** Writes to a socket of the machine and reads until so many results have come. */
  private String say(String socket, String commands, int results) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(folder.resolve(socket)));
      ByteBuffer toSend = ByteBuffer.wrap(commands.getBytes(UTF_8));
      while (toSend.hasRemaining()) {
        channel.write(toSend);
      }
      StringBuilder replies = new StringBuilder();
      ByteBuffer buffer = ByteBuffer.allocate(4096);
      while (replies.toString().split("\"return\"", -1).length <= results
          || replies.charAt(replies.length() - 1) != '\n') {
        buffer.clear();
        assertThat(channel.read(buffer)).isPositive();
        replies.append(UTF_8.decode(buffer.flip()));
      }
      return replies.toString();
    }
  }
}

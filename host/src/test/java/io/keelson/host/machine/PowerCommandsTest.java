package io.keelson.host.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Power.MagicPacket;
import io.keelson.host.Trust;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that are turned off by what the operator has set, and on from afar. */
class PowerCommandsTest {
  private static final UUID HOST = UUID.randomUUID();

  @TempDir private Path folder;

  @Test
  void theOperatorsCommandsRunAndNothingElseDoes() {
    Path rebooted = folder.resolve("rebooted");
    PowerCommands power =
        new PowerCommands(
            Optional.of("touch '" + rebooted + "'"),
            Optional.of("echo not now >&2; exit 3"),
            Trust.USUAL);
    power.reboot(HOST);
    assertThat(Files.exists(rebooted)).isTrue();
    assertThatThrownBy(() -> power.shutdown(HOST))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FAILED))
        .hasMessage("not now");
    assertThatThrownBy(
            () -> new PowerCommands(Optional.empty(), Optional.empty(), Trust.USUAL).shutdown(HOST))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
        .hasMessageContaining("--shutdown-command");
  }

  @Test
  void aSleepingCardHearsItsAddressSixteenTimes() throws IOException {
    try (DatagramSocket card = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      card.setSoTimeout(10_000);
      InetSocketAddress at =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), card.getLocalPort());
      new PowerCommands(Optional.empty(), Optional.empty(), Trust.USUAL)
          .powerOn(HOST, UUID.randomUUID(), new MagicPacket("02:00:5e:10:00:ff", at));
      DatagramPacket frame = new DatagramPacket(new byte[200], 200);
      card.receive(frame);
      String heard = HexFormat.of().formatHex(Arrays.copyOf(frame.getData(), frame.getLength()));
      assertThat(heard).isEqualTo("ffffffffffff" + "02005e1000ff".repeat(16));
    }
  }
}

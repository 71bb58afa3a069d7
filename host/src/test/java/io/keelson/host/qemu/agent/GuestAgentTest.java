package io.keelson.host.qemu.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.GuestReport;
import io.keelson.host.qemu.qmp.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests that say all sorts of things where an agent should be. */
class GuestAgentTest {
  private static final Duration SOON = Duration.ofMillis(300);

  @TempDir Path folder;
  private ServerSocketChannel port;

  @BeforeEach
  void open() throws IOException {
    port = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    port.bind(UnixDomainSocketAddress.of(folder.resolve("agent")));
  }

  @AfterEach
  void close() throws IOException {
    port.close();
  }

  /** A guest that answers each line as it likes. */
  private void guest(Function<String, byte[]> answers) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              SocketChannel host = port.accept();
              Thread.ofVirtual().start(() -> serve(host, answers));
            }
          } catch (IOException e) {
            // The test is over.
          }
        });
  }

  private static void serve(SocketChannel host, Function<String, byte[]> answers) {
    try (host;
        BufferedReader lines = new BufferedReader(Channels.newReader(host, ISO_8859_1))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        ByteBuffer answer = ByteBuffer.wrap(answers.apply(line));
        while (answer.hasRemaining()) {
          host.write(answer);
        }
      }
    } catch (IOException e) {
      // The host has gone.
    }
  }

  private static byte[] synced(String line, String leftOver) {
    String id = line.replaceAll(".*\"id\":(\\d+).*", "$1");
    byte[] answer = (leftOver + "?{\"return\": " + id + "}\n").getBytes(UTF_8);
    answer[leftOver.getBytes(UTF_8).length] = (byte) 0xff;
    return answer;
  }

  private GuestAgent agent() {
    GuestAgent agent = new GuestAgent(() -> folder.resolve("agent"), "test");
    agent.listens(true);
    return agent;
  }

  private Reason failure(Runnable work) {
    try {
      work.run();
    } catch (DriverException e) {
      return e.reason();
    }
    throw new AssertionError("nothing was refused");
  }

  @Test
  void whatAnEarlierConversationLeftIsPassedOver() {
    guest(line ->
        line.contains("sync")
            ? synced(line, "{\"return\": 77}\n{\"error\": {}}\n")
            : line.contains("guest-info")
                ? "{\"return\": {\"version\": \"9.1\"}}\n".getBytes(UTF_8)
                : "{\"error\": {\"class\": \"CommandNotFound\"}}\n".getBytes(UTF_8));
    GuestReport report = agent().report();
    assertThat(report.agentVersion()).isEqualTo("9.1");
    assertThat(report.cards()).isEmpty();
    assertThat(report.features()).isEmpty();
    assertThat(failure(() -> agent().freeze())).isEqualTo(Reason.UNSUPPORTED);
  }

  @Test
  void noAgentIsUnsupportedAndSilenceIsTold() {
    assertThat(failure(() -> new GuestAgent(() -> folder.resolve("agent"), "test").report()))
        .isEqualTo(Reason.UNSUPPORTED);
    guest(line -> new byte[0]);
    assertThat(failure(() -> AgentLine.open(folder.resolve("agent"), SOON)))
        .isEqualTo(Reason.GUEST_SILENT);
  }

  @Test
  void endlessAndBrokenAnswersAreCutShort() {
    guest(line -> new byte[4 << 20]);
    assertThat(failure(() -> AgentLine.open(folder.resolve("agent"), Duration.ofSeconds(20))))
        .isEqualTo(Reason.REJECTED_BY_GUEST);
  }

  @Test
  void nonsenseAfterAGoodStartIsRefused() {
    guest(line ->
        line.contains("sync")
            ? synced(line, "")
            : line.contains("guest-info")
                ? "[".repeat(100_000).concat("\n").getBytes(UTF_8)
                : new byte[0]);
    assertThat(failure(() -> agent().report())).isEqualTo(Reason.REJECTED_BY_GUEST);
  }

  @Property(tries = 300)
  void textsAreShortAndPrintable(@ForAll String said) {
    String text = AgentReport.text(said);
    assertThat(text.codePointCount(0, text.length())).isLessThanOrEqualTo(256);
    assertThat(text.codePoints().noneMatch(Character::isISOControl)).isTrue();
    assertThat(new String(text.getBytes(UTF_8), UTF_8)).isEqualTo(text);
  }

  @Test
  void addressesOfTheGuestAreThoseThatCanBeOnes() {
    String interfaces =
        """
        [{"name": "lo", "hardware-address": "00:00:00:00:00:00",
          "ip-addresses": [{"ip-address-type": "ipv4", "ip-address": "127.0.0.1"}]},
         {"name": "eth0", "hardware-address": "52:54:00:AA:bb:01",
          "ip-addresses": [{"ip-address-type": "ipv4", "ip-address": "10.0.0.7"},
                           {"ip-address-type": "ipv4", "ip-address": "<script>"},
                           {"ip-address-type": "ipv6", "ip-address": "fe80::1"}, 7]},
         {"name": "eth1"}, 9]
        """;
    byte[] text = interfaces.getBytes(UTF_8);
    GuestReport report =
        AgentReport.of(
            new Json.Nothing(),
            new Json.Text("no object"),
            new Json.Nothing(),
            Json.parse(text, 0, text.length));
    assertThat(report.cards())
        .containsExactly(
            new GuestReport.Card(
                "52:54:00:aa:bb:01", java.util.List.of("10.0.0.7"), java.util.List.of("fe80::1")));
    assertThat(report.hostName()).isEmpty();
  }
}

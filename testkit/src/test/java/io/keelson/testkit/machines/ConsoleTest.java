package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.conformance.rpc.AnyCertificate;
import io.keelson.host.qemu.BootSector;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.RawHttp;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** At the screen and the serial line of a real guest, through the server. */
@RunsOn(hosts = 0, shared = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIf(value = "io.keelson.testkit.machines.Guests#possible", disabledReason = "no QEMU here")
class ConsoleTest {
  private static final String GREETING = "RFB 003.008\n";

  private final ServerBox box;
  private final Api api;
  private final Vms vms;
  private final Guests guests;
  private final ConsoleRequests requests;
  private Path scratch = Path.of("");
  private JsonNode vm = text("");

  ConsoleTest(ServerBox box) {
    this.box = box;
    this.api = box.login(Format.JSON_RPC);
    this.vms = new Vms(api);
    this.guests = new Guests(box, api);
    this.requests = new ConsoleRequests(box, api);
  }

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    scratch = folder;
    vm = guests.bootSector(vms, scratch);
    vms.start(vm);
    guests.awaitSerial(vm, BootSector.READY, 1);
  }

  @AfterAll
  void tidy() throws IOException {
    guests.close();
    vms.close();
    api.close();
  }

  @Test
  void consolesSayWhereTheyAre() {
    URI tls = box.tls().orElseThrow();
    for (String protocol : new String[] {"rfb", "vt100"}) {
      JsonNode console = requests.console(vm, protocol);
      assertThat(api.read("console.get_location", console))
          .isEqualTo("https://127.0.0.1:" + tls.getPort() + "/console?ref=" + console.asString());
    }
  }

  @Test
  void serialLineCarriesBytesBothWays() throws IOException {
    for (String version : new String[] {"HTTP/1.0\r\n", "HTTP/1.1\r\nHost: test\r\n"}) {
      try (RawHttp line = serial(version)) {
        assertThat(line.send("c").read(1)).isBetween("A", "Z");
        assertThat(line.send("x").read(1)).isEqualTo("x");
      }
    }
  }

  @Test
  void serialLineHasOneAtATime() throws IOException {
    try (RawHttp first = serial("HTTP/1.0\r\n")) {
      try (RawHttp second = new RawHttp(box.api())) {
        second.send(requests.connect("ref=" + requests.console(vm, "vt100").asString()));
        assertThat(second.response().status()).isEqualTo(503);
      }
      assertThat(first.send("x").read(1)).isEqualTo("x");
    }
    try (RawHttp next = serial("HTTP/1.0\r\n")) {
      assertThat(next.send("y").read(1)).isEqualTo("y");
    }
  }

  @Test
  void screenGreetsHoweverItIsNamedAndWhoeverAsks() throws IOException {
    String uuid = api.read("console.get_uuid", requests.console(vm, "rfb"));
    String session = "Cookie: session_id=" + api.session().asString() + "\r\n";
    String basic =
        "Authorization: Basic "
            + Base64.getEncoder()
                .encodeToString(("root:" + ServerBox.PASSWORD).getBytes(StandardCharsets.UTF_8))
            + "\r\n";
    for (URI server : new URI[] {box.api(), box.tls().orElseThrow()}) {
      greets(server, requests.connect("ref=" + requests.console(vm, "rfb").asString()));
      greets(server, requests.connect("ref=" + vm.asString()));
      greets(server, requests.connect("uuid=" + uuid));
      greets(server, "CONNECT /console?uuid=" + uuid + " HTTP/1.0\r\n" + session + "\r\n");
      greets(server, "CONNECT /console?uuid=" + uuid + " HTTP/1.0\r\n" + basic + "\r\n");
    }
  }

  @Test
  void strangersAndUnknownConsolesAreRefused() throws IOException {
    String rfb = requests.console(vm, "rfb").asString();
    JsonNode halted = vms.halted();
    assertThat(requests.status("CONNECT /console?ref=" + rfb + " HTTP/1.0\r\n\r\n")).isEqualTo(401);
    assertThat(
            requests.status(
                "CONNECT /console?ref=" + rfb + "&session_id=OpaqueRef:x HTTP/1.0\r\n\r\n"))
        .isEqualTo(401);
    assertThat(requests.status(requests.connect("ref=OpaqueRef:x"))).isEqualTo(404);
    assertThat(requests.status(requests.connect("uuid=x"))).isEqualTo(404);
    assertThat(requests.status(requests.connect("ref=" + halted.asString()))).isEqualTo(404);
    assertThat(requests.status(requests.connect("nothing"))).isEqualTo(400);
    assertThat(
            requests.status("GET" + requests.connect("ref=" + rfb).substring("CONNECT".length())))
        .isEqualTo(426);
  }

  @Test
  void screenCanBeSeenAsAPicture() throws Exception {
    String screen = requests.console(vm, "rfb").asString();
    BufferedImage shown = picture(requests.snapshot("ref=" + vm.asString()));
    assertThat(shown.getWidth()).isGreaterThanOrEqualTo(640);
    assertThat(shown.getHeight()).isGreaterThanOrEqualTo(350);
    assertThat(picture(requests.snapshot("ref=" + screen)).getWidth()).isEqualTo(shown.getWidth());
    String serial = requests.console(vm, "vt100").asString();
    assertThat(requests.snapshot("ref=" + serial).status()).isEqualTo(404);
    assertThat(requests.snapshot("ref=" + vms.halted().asString()).status()).isEqualTo(404);
    assertThat(requests.snapshot("uuid=x").status()).isEqualTo(404);
    assertThat(requests.snapshot("nothing").status()).isEqualTo(400);
    String stranger = "GET /vncsnapshot?ref=" + vm.asString() + " HTTP/1.0\r\n\r\n";
    assertThat(requests.status(stranger)).isEqualTo(401);
  }

  private static BufferedImage picture(RawHttp.Response response) throws IOException {
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("content-type")).isEqualTo("image/jpeg");
    return ImageIO.read(new ByteArrayInputStream(response.body()));
  }

  /** A session's reference opens consoles for as long as the session lives, and is told nobody. */
  @Test
  void endOfTheSessionHangsUp() throws Exception {
    Api other = box.login(Format.JSON_RPC);
    ConsoleRequests theirs = new ConsoleRequests(box, other);
    try (RawHttp screen = new RawHttp(box.api());
        RawHttp bystander = new RawHttp(box.api());
        RawHttp line = new RawHttp(box.tls().orElseThrow());
        HttpClient client = HttpClient.newHttpClient()) {
      screen.send(theirs.connect("ref=" + vm.asString()));
      assertThat(screen.response().status()).isEqualTo(200);
      assertThat(screen.read(GREETING.length())).isEqualTo(GREETING);
      bystander.send(requests.connect("ref=" + vm.asString()));
      assertThat(bystander.response().status()).isEqualTo(200);
      JsonNode machine = guests.bootSector(vms, scratch);
      vms.start(machine);
      line.send(theirs.connect("ref=" + theirs.console(machine, "vt100").asString()));
      assertThat(line.response().status()).isEqualTo(200);
      Heard heard = new Heard(GREETING.length());
      URI browser = theirs.webSocket(box.api(), theirs.console(machine, "rfb"));
      WebSocket _ =
          client.newWebSocketBuilder().buildAsync(browser, heard).get(30, TimeUnit.SECONDS);
      assertThat(heard.text.get(30, TimeUnit.SECONDS)).isEqualTo(GREETING);

      other.call("session.logout");
      assertThat(screen.closed()).isTrue();
      assertThat(line.closed()).isTrue();
      assertThat(heard.closed.get(30, TimeUnit.SECONDS)).isEqualTo(1000);
      assertThat(theirs.status(theirs.connect("ref=" + vm.asString()))).isEqualTo(401);
      assertThat(bystander.read(GREETING.length())).isEqualTo(GREETING);
    }
    assertThat(box.log()).doesNotContain(other.session().asString());
  }

  @Test
  void consoleOfTheHostIsNotOffered() throws IOException {
    for (JsonNode machine : api.call("VM.get_all")) {
      if (api.call("VM.get_is_control_domain", machine).asBoolean()) {
        String name = "ref=" + machine.asString();
        assertThat(requests.status(requests.connect(name))).isEqualTo(404);
        assertThat(requests.snapshot(name).status()).isEqualTo(404);
      }
    }
  }

  @Test
  void webSocketCarriesScreenAndSerialLine() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().sslContext(AnyCertificate.context()).build()) {
      for (URI server : new URI[] {box.api(), box.tls().orElseThrow()}) {
        Heard screen = new Heard(GREETING.length());
        WebSocket socket = open(client, server, "rfb", screen);
        assertThat(socket.getSubprotocol()).isEqualTo("binary");
        assertThat(screen.text.get(30, TimeUnit.SECONDS)).isEqualTo(GREETING);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(30, TimeUnit.SECONDS);
        assertThat(screen.closed.get(30, TimeUnit.SECONDS)).isEqualTo(1000);

        Heard serial = new Heard(2);
        WebSocket line = open(client, server, "vt100", serial);
        line.sendBinary(ByteBuffer.wrap(new byte[] {'h'}), false).get(30, TimeUnit.SECONDS);
        line.sendBinary(ByteBuffer.wrap(new byte[] {'i'}), true).get(30, TimeUnit.SECONDS);
        assertThat(serial.text.get(30, TimeUnit.SECONDS)).isEqualTo("hi");
        line.sendClose(WebSocket.NORMAL_CLOSURE, "").get(30, TimeUnit.SECONDS);
        assertThat(serial.closed.get(30, TimeUnit.SECONDS)).isEqualTo(1000);
      }
    }
  }

  @Test
  void endOfTheVmEndsItsConsoles() throws IOException {
    JsonNode other = guests.bootSector(vms, scratch);
    vms.start(other);
    try (RawHttp screen = new RawHttp(box.api());
        RawHttp line = new RawHttp(box.tls().orElseThrow())) {
      screen.send(requests.connect("ref=" + other.asString()));
      assertThat(screen.response().status()).isEqualTo(200);
      line.send(requests.connect("ref=" + requests.console(other, "vt100").asString()));
      assertThat(line.response().status()).isEqualTo(200);
      api.call("VM.hard_shutdown", other);
      assertThat(screen.closed()).isTrue();
      assertThat(line.closed()).isTrue();
    }
    assertThat(api.call("VM.get_consoles", other)).isEmpty();
  }

  @Test
  void triggersReachTheMachine() throws IOException {
    JsonNode other = guests.bootSector(vms, scratch);
    assertThat(api.refusal("VM.send_trigger", other, text("nmi")))
        .containsExactly("VM_BAD_POWER_STATE", other.asString(), "running", "halted");
    assertThat(api.refusal("VM.send_sysrq", other, text("h")))
        .containsExactly("VM_BAD_POWER_STATE", other.asString(), "running", "halted");
    vms.start(other);
    guests.awaitSerial(other, BootSector.READY, 1);
    int domid = api.call("VM.get_domid", other).asInt();

    assertThat(api.refusal("VM.send_trigger", other, text("s3resume")))
        .containsExactly("INVALID_VALUE", "trigger", "s3resume");
    assertThat(api.refusal("VM.send_sysrq", other, text("hh")))
        .containsExactly("INVALID_VALUE", "key", "hh");
    api.call("VM.send_trigger", other, text("nmi"));
    api.call("VM.send_trigger", other, text("sleep"));
    api.call("VM.send_sysrq", other, text("h"));
    api.call("VM.send_trigger", other, text("reset"));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> {
          int now = api.call("VM.get_domid", other).asInt();
          return now > 0 && now != domid;
        });
    guests.awaitSerial(other, BootSector.READY, 1);
    api.call("VM.send_trigger", other, text("power"));
    guests.awaitPowerState(other, "Halted");
    assertThat(api.call("VM.get_current_operations", other)).isEmpty();
  }

  /** The line is free a moment after the last client has hung up: the server has to hear of it. */
  private RawHttp serial(String version) {
    String request =
        requests
            .connect("ref=" + requests.console(vm, "vt100").asString())
            .replace("HTTP/1.0\r\n", version);
    return await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> answered(request), Optional::isPresent)
        .orElseThrow();
  }

  private Optional<RawHttp> answered(String request) throws IOException {
    RawHttp line = new RawHttp(box.api());
    RawHttp.Response response = line.send(request).response();
    if (response.status() == 503) {
      line.close();
      return Optional.empty();
    }
    assertThat(response.version() + " " + response.status()).isEqualTo("HTTP/1.1 200");
    return Optional.of(line);
  }

  private void greets(URI server, String request) throws IOException {
    try (RawHttp screen = new RawHttp(server)) {
      assertThat(screen.send(request).response().status()).as(request).isEqualTo(200);
      assertThat(screen.read(GREETING.length())).isEqualTo(GREETING);
    }
  }

  /** Tried again where the line is not free yet. */
  private WebSocket open(HttpClient client, URI server, String protocol, Heard heard) {
    URI uri = requests.webSocket(server, requests.console(vm, protocol));
    return await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(
            () ->
                client
                    .newWebSocketBuilder()
                    .subprotocols("binary")
                    .buildAsync(uri, heard)
                    .get(30, TimeUnit.SECONDS),
            Objects::nonNull);
  }

  /** What a browser would hear. */
  private static final class Heard implements WebSocket.Listener {
    final CompletableFuture<String> text = new CompletableFuture<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder soFar = new StringBuilder();
    private final int expected;

    Heard(int expected) {
      this.expected = expected;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      soFar.append(StandardCharsets.ISO_8859_1.decode(data));
      if (soFar.length() >= expected) {
        text.complete(soFar.toString());
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return CompletableFuture.completedFuture(null);
    }
  }
}

package io.keelson.host.machine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.keelson.host.DriverException;
import io.keelson.host.Power.Controller;
import io.keelson.host.Trust;
import io.keelson.host.directory.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines whose management controllers speak Redfish. */
class RedfishResetTest {
  private static final String SYSTEMS =
      """
      {"@odata.id": "/redfish/v1/Systems", "Name": "Systems", "Members@odata.count": 1,
       "Members": [{"@odata.id": "/redfish/v1/Systems/System.1/"}]}
      """;

  @TempDir private Path folder;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private String systems = SYSTEMS;
  private TestCertificate certificate;
  private HttpsServer controller;

  @BeforeEach
  void start() throws Exception {
    certificate = TestCertificate.make(folder, "dns:board.invalid");
    controller = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    controller.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
    controller.createContext("/", this::answer);
    controller.start();
  }

  @AfterEach
  void end() {
    controller.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String login = "Basic " + Base64.getEncoder().encodeToString("admin:a secret".getBytes(UTF_8));
    if (!login.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      exchange.sendResponseHeaders(401, -1);
    } else if (exchange.getRequestMethod().equals("GET")) {
      byte[] said = systems.getBytes(UTF_8);
      exchange.sendResponseHeaders(200, said.length);
      exchange.getResponseBody().write(said);
    } else {
      asked.add(exchange.getRequestURI().getPath() + " " + body);
      exchange.sendResponseHeaders(204, -1);
    }
    exchange.close();
  }

  private void powerOn(String password, Optional<String> fingerprint) {
    URI uri = URI.create("https://127.0.0.1:" + controller.getAddress().getPort());
    RedfishReset.powerOn(new Controller(uri, "admin", password, fingerprint), Trust.USUAL);
  }

  @Test
  void theFirstSystemIsTurnedOn() throws Exception {
    powerOn("a secret", Optional.of(certificate.fingerprint()));
    assertThat(asked)
        .containsExactly(
            "/redfish/v1/Systems/System.1/Actions/ComputerSystem.Reset {\"ResetType\":\"On\"}");
    String colons = certificate.fingerprint().toUpperCase(Locale.ROOT).replaceAll("..(?!$)", "$0:");
    powerOn("a secret", Optional.of(colons));
    assertThat(asked).hasSize(2);
  }

  @Test
  void nobodyElseIsToldThePassword() throws Exception {
    assertThatThrownBy(() -> powerOn("a secret", Optional.of("00".repeat(32))))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("another one");
    assertThatThrownBy(() -> powerOn("a secret", Optional.empty()))
        .isInstanceOf(DriverException.class);
    Optional<String> known = Optional.of(certificate.fingerprint());
    assertThatThrownBy(() -> powerOn("a guess", known))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("status 401");
    systems = "{\"Members\": []}";
    assertThatThrownBy(() -> powerOn("a secret", known)).hasMessageContaining("names no system");
    systems = "no JSON";
    assertThatThrownBy(() -> powerOn("a secret", known)).isInstanceOf(DriverException.class);
    assertThat(asked).isEmpty();
  }
}

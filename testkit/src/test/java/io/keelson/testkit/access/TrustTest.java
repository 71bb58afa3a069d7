package io.keelson.testkit.access;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.number;
import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.Entry;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Answer;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whom the server believes: servers of a test whose authority nobody knows. */
@RunsOn(hosts = 2, shared = false)
class TrustTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long SERIAL = 4711;

  private final TestAuthority authority = new TestAuthority("Authority of a test");
  private SSLContext serving;
  private HttpsServer web;
  private final ServerBox box;
  private Api api;

  TrustTest(ServerBox box) {
    this.box = box;
    this.api = box.login(Format.XML_RPC);
  }

  @BeforeEach
  void start() throws Exception {
    serving = authority.serving(authority.server(SERIAL));
    web = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.setHttpsConfigurator(new HttpsConfigurator(serving));
    web.createContext(
        "/",
        exchange -> {
          byte[] said = exchange.getRequestBody().readAllBytes();
          boolean post = exchange.getRequestMethod().equals("POST");
          byte[] answer = ("heard: " + new String(said, UTF_8)).getBytes(UTF_8);
          exchange.sendResponseHeaders(post ? 200 : 404, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    web.start();
  }

  @AfterEach
  void end() {
    api.answer("host.disable_external_auth", master(), JSON.valueToTree(Map.of()));
    for (JsonNode name : api.call("pool.certificate_list")) {
      api.call("pool.certificate_uninstall", name);
    }
    for (JsonNode name : api.call("pool.crl_list")) {
      api.call("pool.crl_uninstall", name);
    }
    api.close();
    web.stop(0);
  }

  @Test
  void aServerIsBelievedOnceItsAuthorityIsInstalledAndNotWhenItIsTakenBack() throws Exception {
    assertThat(refusedPost()).startsWith("SSL_VERIFY_ERROR");
    assertThat(refusedImport()).doesNotContain("404");
    assertThat(post("a")).isEmpty();

    api.call("pool.certificate_install", text("test-authority"), text(authority.pem()));
    assertThat(api.read("pool.send_test_post", text("127.0.0.1"), port(), text("naïve")))
        .isEqualTo("heard: naïve");
    assertThat(refusedImport()).contains("404");
    assertThat(api.refusal("pool.send_test_post", text("localhost"), port(), text("")))
        .as("the certificate is of another name")
        .startsWith("SSL_VERIFY_ERROR");

    api.call("pool.crl_install", text("other"), text(authority.revoking(SERIAL + 1)));
    TestAuthority impostor = new TestAuthority("Authority of a test");
    api.call("pool.crl_install", text("impostor"), text(impostor.revoking(SERIAL)));
    assertThat(post("b")).as("neither list is about it").contains("heard: b");
    api.call("pool.crl_install", text("own"), text(authority.revoking(SERIAL)));
    assertThat(refusedPost().get(1)).contains("revoked");
    assertThat(refusedImport()).contains("revoked");

    restart();
    assertThat(refusedPost().get(1)).contains("revoked");
    api.call("pool.crl_uninstall", text("own"));
    assertThat(post("c")).contains("heard: c");
    api.call("pool.certificate_uninstall", text("test-authority"));
    assertThat(refusedPost()).startsWith("SSL_VERIFY_ERROR");
  }

  @Test
  void directoriesThatNameNoAuthorityAreBelievedLikewise() throws Exception {
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig("dc=example,dc=com");
    config.setSchema(null);
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPSConfig(
            "tls",
            InetAddress.getLoopbackAddress(),
            0,
            serving.getServerSocketFactory(),
            serving.getSocketFactory()));
    try (InMemoryDirectoryServer directory = new InMemoryDirectoryServer(config)) {
      directory.startListening();
      Entry base = new Entry("dc=example,dc=com");
      base.addAttribute("objectClass", "domain");
      directory.add(base);
      JsonNode settings =
          JSON.valueToTree(Map.of("url", "ldaps://127.0.0.1:" + directory.getListenPort()));
      JsonNode[] enable = {master(), settings, text("example.com"), text("LDAP")};
      assertThat(api.refusal("host.enable_external_auth", enable))
          .startsWith("AUTH_ENABLE_FAILED_UNAVAILABLE");
      api.call("pool.certificate_install", text("test-authority"), text(authority.pem()));
      api.call("host.enable_external_auth", enable);
      assertThat(api.refusal("auth.get_subject_identifier", text("nobody")))
          .as("it was asked")
          .startsWith("SUBJECT_CANNOT_BE_RESOLVED");
    }
  }

  @Test
  void namesAndContentsAreChecked() throws Exception {
    for (String name : List.of("", "..", ".hidden", "a/b", "../up", "a\nb", "é", "x".repeat(300))) {
      assertThat(api.refusal("pool.certificate_install", text(name), text(authority.pem())))
          .containsExactly("CERTIFICATE_NAME_INVALID", name);
      assertThat(api.refusal("pool.crl_install", text(name), text(authority.revoking(1))))
          .containsExactly("CRL_NAME_INVALID", name);
    }
    String twice = authority.pem() + authority.pem();
    String broken = authority.pem().replaceFirst("\n[A-Za-z0-9+/]{20}", "\n");
    String list = authority.revoking(1);
    for (String content : List.of("", "no certificate", twice, broken, list)) {
      assertThat(api.refusal("pool.certificate_install", text("bad"), text(content)))
          .containsExactly("CERTIFICATE_CORRUPT", "bad");
    }
    assertThat(api.refusal("pool.crl_install", text("bad"), text(authority.pem())))
        .containsExactly("CRL_CORRUPT", "bad");
    assertThat(api.call("pool.certificate_list")).isEmpty();
    assertThat(api.call("pool.crl_list")).isEmpty();

    String commented = "Issuer: a test\n" + authority.pem() + "\n";
    api.call("pool.certificate_install", text("one.pem"), text(commented));
    api.call("pool.crl_install", text("one"), text(list));
    assertThat(api.call("pool.certificate_list")).containsExactly(text("one.pem"));
    assertThat(api.call("pool.crl_list")).containsExactly(text("one"));
    assertThat(api.refusal("pool.certificate_install", text("one.pem"), text(authority.pem())))
        .containsExactly("CERTIFICATE_ALREADY_EXISTS", "one.pem");
    assertThat(api.refusal("pool.crl_install", text("one"), text(list)))
        .containsExactly("CRL_ALREADY_EXISTS", "one");
    api.call("pool.certificate_uninstall", text("one.pem"));
    assertThat(api.refusal("pool.certificate_uninstall", text("one.pem")))
        .containsExactly("CERTIFICATE_DOES_NOT_EXIST", "one.pem");
    assertThat(api.refusal("pool.certificate_uninstall", text("../lists/one")))
        .containsExactly("CERTIFICATE_DOES_NOT_EXIST", "../lists/one");
    assertThat(api.refusal("pool.crl_uninstall", text("two")))
        .containsExactly("CRL_DOES_NOT_EXIST", "two");
  }

  @Test
  void whatWasPutThereByHandIsHeededAfterASync() throws Exception {
    Path certificates = Files.createDirectories(box.data().resolve("trust/certificates"));
    Files.writeString(certificates.resolve("by-hand.pem"), authority.pem());
    assertThat(api.call("pool.certificate_list")).isEmpty();
    api.call("pool.certificate_sync");
    assertThat(api.call("pool.certificate_list")).containsExactly(text("by-hand"));
    assertThat(post("a")).contains("heard: a");
    Files.writeString(certificates.resolve("worse.pem"), "nothing");
    assertThat(api.refusal("pool.certificate_sync"))
        .containsExactly("CERTIFICATE_CORRUPT", "worse");
    assertThat(post("b")).contains("heard: b");
    Files.delete(certificates.resolve("worse.pem"));
    restart();
    assertThat(post("c")).contains("heard: c");
  }

  @Test
  void aTestPostTellsWhatIsWrong() throws IOException {
    int nobody;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    assertThat(api.refusal("pool.send_test_post", text("127.0.0.1"), number(nobody), text("")))
        .startsWith("INTERNAL_ERROR");
    assertThat(api.refusal("pool.send_test_post", text("127.0.0.1"), number(0), text("")))
        .containsExactly("INVALID_VALUE", "port", "0");
    assertThat(api.refusal("pool.send_test_post", text("a b/c"), port(), text("")))
        .containsExactly("INVALID_VALUE", "host", "a b/c");
  }

  private JsonNode master() {
    return api.call("pool.get_master", api.call("pool.get_all").get(0));
  }

  private JsonNode port() {
    return number(web.getAddress().getPort());
  }

  private List<String> refusedPost() {
    return api.refusal("pool.send_test_post", text("127.0.0.1"), port(), text("?"));
  }

  /** What the server answers, or nothing when it is not believed. */
  private List<String> post(String body) {
    return switch (api.answer("pool.send_test_post", text("127.0.0.1"), port(), text(body))) {
      case Answer.Success(JsonNode said) -> List.of(said.asString());
      case Answer.Failure _ -> List.of();
    };
  }

  /** The reason why an archive that this server has not is not imported. */
  private String refusedImport() {
    List<String> why =
        api.refusal(
            "VM.import",
            text("https://127.0.0.1:" + web.getAddress().getPort() + "/vm.xva"),
            NULL,
            NO,
            NO);
    assertThat(why).startsWith("IMPORT_ERROR");
    return String.join(" ", why);
  }

  private void restart() {
    api.close();
    box.stop();
    box.start();
    api = box.login(Format.XML_RPC);
  }
}

package io.keelson.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.cli.Xe.Shown;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which servers xe speaks to, and as whom. */
class ServerTrustTest {
  private static final Pattern FINGERPRINT = Pattern.compile("([0-9A-F]{2}:){31}[0-9A-F]{2}");
  private static final String OTHER = "AA:".repeat(31) + "AA";

  @TempDir private static Path folder;
  @TempDir private Path home;
  private static ServerBox box;

  @BeforeAll
  static void start() {
    box = ServerBox.simulated(folder, 1).start();
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  private Shown run(Map<String, String> more, String... words) {
    var environment = new HashMap<>(Map.of("HOME", home.toString()));
    environment.putAll(more);
    return Xe.with(environment, List.of()).run(words);
  }

  private Shown secure(Map<String, String> more, String host, String... words) {
    URI tls = box.tls().orElseThrow();
    List<String> options =
        List.of("-s", host, "-p", "" + tls.getPort(), "-u", "root", "-pw", ServerBox.PASSWORD);
    var environment = new HashMap<>(Map.of("HOME", home.toString()));
    environment.putAll(more);
    return Xe.with(environment, options).run(words);
  }

  private String fingerprint() {
    Matcher found =
        FINGERPRINT.matcher(secure(Map.of(), "127.0.0.1", "host-list", "--minimal").errors());
    assertThat(found.find()).isTrue();
    return found.group();
  }

  @Test
  void theServerOfThisMachineNeedsNoPassword() {
    Map<String, String> here = Map.of("KEELSON_DATA", box.data().toString());
    Shown shown = run(here, "host-list", "params=name-label", "--minimal");
    assertThat(shown).isEqualTo(new Shown(0, "sim-1\n", ""));
    assertThat(run(here, "host-list", "params=name-label", "--minimal", "-u", "root"))
        .isEqualTo(shown);
    String socket = box.data().resolve("run/server.sock").toString();
    assertThat(run(Map.of(), "host-list", "params=name-label", "--minimal", "-s", socket))
        .isEqualTo(shown);
    assertThat(run(here, "host-list", "-u", "somebody", "-pw", "x").status()).isEqualTo(1);
  }

  @Test
  void itsFoldersAreLookedThrough() throws IOException {
    Path usual = Files.createDirectories(home.resolve(".local/share"));
    Files.createSymbolicLink(usual.resolve("keelson"), box.data());
    assertThat(run(Map.of(), "host-list", "--minimal").status()).isZero();
    Shown none = run(Map.of("KEELSON_DATA", home.resolve("none").toString()), "host-list");
    assertThat(none)
        .isEqualTo(
            new Shown(
                1,
                "",
                """
                No server runs here, as far as its data folder tells (looked into %s/none).
                Say where one is with -s, or where its data is with KEELSON_DATA.
                """
                    .formatted(home)));
  }

  @Test
  void aCertificateThatNobodyVouchesForHasToBeNamed() {
    Shown refused = secure(Map.of(), "127.0.0.1", "host-list", "--minimal");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.output()).isEmpty();
    assertThat(refused.errors()).contains("give --fingerprint " + fingerprint());
    assertThat(
            secure(Map.of(), "127.0.0.1", "host-list", "--minimal", "--fingerprint", fingerprint())
                .status())
        .isZero();
    Shown other = secure(Map.of(), "127.0.0.1", "host-list", "--minimal", "fingerprint=" + OTHER);
    assertThat(other.status()).isEqualTo(1);
    assertThat(other.errors())
        .contains("not the one of --fingerprint")
        .contains("SHA-256 " + fingerprint());
    assertThat(home.resolve(".config")).doesNotExist();
  }

  @Test
  void aCertificateThatWasAgreedToIsKnownAndAnotherIsRefusedLoudly() throws IOException {
    String shown = fingerprint();
    String name = "127.0.0.1:" + box.tls().orElseThrow().getPort();
    Path known = Files.createDirectories(home.resolve("conf/keelson")).resolve("known_servers");
    Map<String, String> config = Map.of("XDG_CONFIG_HOME", home.resolve("conf").toString());
    Files.writeString(known, "127.0.0.1:1 " + OTHER + "\n" + name + " " + shown + "\n");
    assertThat(secure(config, "127.0.0.1", "host-list", "--minimal").status()).isZero();
    Files.writeString(known, name + " " + OTHER + "\n");
    Shown refused = secure(config, "127.0.0.1", "host-list", "--minimal");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.errors())
        .startsWith("WARNING: the certificate of 127.0.0.1 port")
        .contains("before: " + OTHER, "now:    " + shown, "of " + name + " from " + known);
  }

  @Test
  void theSystemsAuthoritiesAreBelievedAboutTheNamesThatTheyVouchFor() {
    Map<String, String> trusting =
        Map.of("SSL_CERT_FILE", box.data().resolve("tls/server.pem").toString());
    assertThat(secure(trusting, "localhost", "host-list", "--minimal").errors()).isEmpty();
    assertThat(secure(trusting, "localhost", "host-list", "--minimal").status()).isZero();
    assertThat(secure(trusting, "127.0.0.2", "host-list", "--minimal").errors())
        .containsAnyOf("Nobody vouches", "cannot connect");
    assertThat(secure(Map.of(), "localhost", "host-list", "--minimal").errors())
        .contains("Nobody vouches");
  }

  @Test
  void aServerThatIsNotThereIsSaid() {
    assertThat(run(Map.of(), "host-list", "-s", "no.such.host.invalid"))
        .isEqualTo(new Shown(1, "", "Host 'no.such.host.invalid' not found.\n"));
    assertThat(run(Map.of(), "host-list", "-s", "/nowhere/socket").errors())
        .startsWith("Error: cannot connect to /nowhere/socket: ");
    String port = "" + box.api().getPort();
    assertThat(run(Map.of(), "host-list", "-s", "127.0.0.1", "-p", port).errors())
        .startsWith(
            "Error: no encrypted connection to 127.0.0.1 port "
                + port
                + ": what answers there speaks no TLS (--nossl");
  }
}

package io.keelson.testkit.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.testkit.box.ServerBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unix socket: the machine's administrator needs no password there, and all others do. */
class LocalSocketTest {
  private static final String GROUP = "nogroup";

  @TempDir private static Path folder;
  private static ServerBox box;
  private static Path socket;

  @BeforeAll
  static void start() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    socket = folder.resolve("api.sock");
    box =
        isRoot()
            ? ServerBox.simulated(folder, 1, "--socket", socket.toString(), "--socket-group", GROUP)
            : ServerBox.simulated(folder, 1, "--socket", socket.toString());
    box.start();
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  private static String curl(List<String> as, String... words) throws IOException {
    return run(
        Stream.of(
                as,
                List.of("curl", "-sS", "--max-time", "20", "--unix-socket", socket.toString()),
                List.of(words))
            .flatMap(List::stream)
            .toArray(String[]::new));
  }

  private static String login(List<String> as, String user, String password) throws IOException {
    return curl(
        as,
        "-d",
        """
        {"jsonrpc":"2.0","id":1,"method":"session.login_with_password","params":["%s","%s"]}\
        """
            .formatted(user, password),
        "http://h/jsonrpc");
  }

  @Test
  void theAdministratorIsRootWithoutAPassword() throws IOException {
    assertThat(login(List.of(), "root", "")).contains("\"result\":\"OpaqueRef:");
    assertThat(login(List.of(), "", "")).contains("\"result\":\"OpaqueRef:");
    assertThat(login(List.of(), "root", "whatever")).contains("\"result\":\"OpaqueRef:");
    assertThat(curl(List.of(), "http://h/audit_log")).contains("session.login_with_password");
  }

  @Test
  void theAdministratorSetsAPasswordWithoutTheOldOne() throws IOException {
    String session = login(List.of(), "root", "").replaceAll(".*\"(OpaqueRef:[^\"]*)\".*", "$1");
    String change =
        """
        {"jsonrpc":"2.0","id":1,"method":"session.change_password","params":["%s","","%s"]}\
        """
            .formatted(session, ServerBox.PASSWORD);
    assertThat(curl(List.of(), "-d", change, "http://h/jsonrpc")).contains("\"result\":");
    assertThat(run("curl", "-sS", "-d", change, box.api().resolve("/jsonrpc").toString()))
        .contains("SESSION_AUTHENTICATION_FAILED");
  }

  @Test
  void whoeverIsNamedElseNeedsAPasswordThereToo() throws IOException {
    assertThat(login(List.of(), "somebody", "")).contains("SESSION_AUTHENTICATION_FAILED");
  }

  @Test
  void nobodyElseGetsInWithoutALogin() throws IOException {
    assumeTrue(isRoot(), "only root can be somebody else");
    List<String> stranger = List.of("runuser", "-u", "nobody", "-g", GROUP, "--");
    assertThat(login(stranger, "root", "")).contains("SESSION_AUTHENTICATION_FAILED");
    assertThat(curl(stranger, "http://h/audit_log")).contains("401");
    assertThat(login(stranger, "root", ServerBox.PASSWORD)).contains("\"result\":\"OpaqueRef:");
    assertThat(login(List.of("runuser", "-u", "nobody", "-g", "daemon", "--"), "root", ""))
        .doesNotContain("jsonrpc");
  }

  @Test
  void theDoorsForAllAskForTheLoginAsEver() throws IOException {
    assertThat(run("curl", "-sS", box.api().resolve("/audit_log").toString())).contains("401");
  }

  /**
   * Where nothing is said it is in the data folder, for its owner; a killed server's is in no way.
   */
  @Test
  void itsPlaceIsTheDataFolder(@TempDir Path own) throws IOException {
    try (ServerBox other = ServerBox.simulated(own, 1)) {
      other.start();
      Path usual = other.data().resolve("run/server.sock");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(usual)))
          .isEqualTo("rw-------");
      assertThat(Files.readString(other.data().resolve("run/server.endpoints")))
          .contains("socket=" + usual);
      other.kill();
      assertThat(usual).exists();
      other.start();
      assertThat(other.stop()).isEqualTo(143);
      assertThat(usual).doesNotExist();
    }
  }
}

package io.keelson.host.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.host.process.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;

/** A real OpenLDAP server on ports of loopback, which takes passwords over TLS alone. */
final class SlapdTestServer implements AutoCloseable {
  static final String BASE = "dc=example,dc=com";
  static final String ADMIN = "cn=admin," + BASE;
  static final String PASSWORD = "the admin's password";

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Path SLAPD = Path.of("/usr/sbin/slapd");

  private final int plain;
  private final int tls;
  private final String authority;
  private final Process process;

  private SlapdTestServer(int plain, int tls, String authority, Process process) {
    this.plain = plain;
    this.tls = tls;
    this.authority = authority;
    this.process = process;
  }

  /** Starts one with these entries, or skips the test where there is none. */
  static SlapdTestServer start(Path folder, String entries)
      throws IOException, GeneralSecurityException {
    assumeTrue(Files.isExecutable(SLAPD), "slapd is installed");
    TestCertificate certificate = TestCertificate.make(folder, "ip:127.0.0.1");
    Path configuration = Files.writeString(folder.resolve("slapd.conf"), text(folder));
    Files.writeString(folder.resolve("server.pem"), certificate.pem());
    Files.writeString(folder.resolve("server.key"), certificate.key());
    Files.createDirectory(folder.resolve("db"));
    Path ldif = Files.writeString(folder.resolve("entries.ldif"), entries);
    var added =
        Program.run(
            LIMIT,
            List.of("/usr/sbin/slapadd", "-f", configuration.toString(), "-l", ldif.toString()));
    assertThat(added.ok()).as(added.complaint()).isTrue();
    int plain = freePort();
    int tls = freePort();
    Process process =
        new ProcessBuilder(
                SLAPD.toString(),
                "-f",
                configuration.toString(),
                "-h",
                "ldap://127.0.0.1:%d/ ldaps://127.0.0.1:%d/".formatted(plain, tls),
                "-d",
                "0")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("slapd.out").toFile())
            .start();
    SlapdTestServer server = new SlapdTestServer(plain, tls, certificate.pem(), process);
    try {
      await().atMost(LIMIT).until(() -> answers(plain) && answers(tls));
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static String text(Path folder) {
    return """
    include /etc/ldap/schema/core.schema
    include /etc/ldap/schema/cosine.schema
    include /etc/ldap/schema/nis.schema
    include /etc/ldap/schema/inetorgperson.schema
    modulepath /usr/lib/ldap
    moduleload back_mdb
    moduleload ppolicy
    pidfile FOLDER/slapd.pid
    argsfile FOLDER/slapd.args
    TLSCertificateFile FOLDER/server.pem
    TLSCertificateKeyFile FOLDER/server.key
    security simple_bind=112
    database mdb
    suffix "BASE"
    rootdn "ADMIN"
    rootpw "PASSWORD"
    directory FOLDER/db
    overlay ppolicy
    ppolicy_default "cn=policy,BASE"
    """
        .replace("FOLDER", folder.toString())
        .replace("ADMIN", ADMIN)
        .replace("BASE", BASE)
        .replace("PASSWORD", PASSWORD);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException _) {
      return false;
    }
  }

  String url() {
    return "ldap://127.0.0.1:" + plain;
  }

  String tlsUrl() {
    return "ldaps://127.0.0.1:" + tls;
  }

  /** Who vouches for it, in PEM. */
  String authority() {
    return authority;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}

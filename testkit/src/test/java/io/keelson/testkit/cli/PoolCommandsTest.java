package io.keelson.testkit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.keelson.testkit.access.TestAuthority;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.cli.Xe.Shown;
import io.keelson.testkit.wlb.BalancingServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is set for a pool, and who is in it. */
class PoolCommandsTest {
  @TempDir private static Path folder;
  private static ServerBox box;
  private static Xe xe;
  private static String coordinator;
  private static String[] hosts;

  private final TestAuthority authority = new TestAuthority("Authority of a pool");

  @BeforeAll
  static void start() {
    box = ServerBox.simulated(folder, 3).start();
    xe = Xe.of(box);
    coordinator = master();
    hosts =
        xe.line("host-list", "--minimal")
            .replace(coordinator, "")
            .replaceAll("^,|,$", "")
            .replace(",,", ",")
            .split(",");
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  private static String master() {
    return xe.line("pool-list", "params=master", "--minimal");
  }

  private static String pool(String parameter) {
    String uuid = xe.line("pool-list", "--minimal");
    return xe.line("pool-param-get", "uuid=" + uuid, "param-name=" + parameter);
  }

  private static String repository(String name) {
    return xe.line(
        "sr-create",
        "name-label=" + name,
        "type=file",
        "content-type=user",
        "shared=true",
        "device-config:location=/" + name);
  }

  @Test
  void theCoordinatorsRoleIsHandedOn() {
    xe.ok("pool-designate-new-master", "host-uuid=" + hosts[0]);
    assertThat(master()).isEqualTo(hosts[0]);
    xe.ok("pool-designate-new-master", "host-uuid=" + coordinator);
    assertThat(master()).isEqualTo(coordinator);
    assertThat(xe.refusal("pool-emergency-transition-to-master"))
        .startsWith("The pool has its coordinator.\nnext step: ");
    assertThat(xe.refusal("pool-emergency-reset-master", "master-address=192.0.2.1"))
        .startsWith("The pool has its coordinator.\nnext step: ");
    assertThat(xe.ok("pool-recover-slaves")).isEmpty();
    xe.ok("pool-sync-database");
    assertThat(
            xe.refusal(
                "pool-join",
                "master-address=192.0.2.1",
                "master-username=root",
                "master-password=none"))
        .isNotEmpty();
  }

  @Test
  void aHostLeavesThePoolWhenItsUserMeansIt() {
    String own =
        xe.line(
            "sr-create",
            "name-label=own",
            "type=file",
            "host-uuid=" + hosts[1],
            "device-config:location=/own");
    Shown shown = xe.typing("nonsense").run("pool-eject", "host-uuid=" + hosts[1]);
    assertThat(shown)
        .isEqualTo(
            new Shown(
                1,
                """
                WARNING: The pool forgets the SRs that this host alone has, and what is in them.
                Type 'yes' to continue
                Aborted (you typed: 'nonsense')
                """,
                ""));
    shown = xe.typing("Yes").run("pool-eject", "host-uuid=" + hosts[1]);
    assertThat(shown.status()).as(shown.toString()).isZero();
    assertThat(xe.line("host-list", "uuid=" + hosts[1], "--minimal")).isEmpty();
    assertThat(xe.line("sr-list", "uuid=" + own, "--minimal")).isEmpty();
    assertThat(xe.refusal("pool-eject", "host-uuid=" + coordinator, "--force")).isNotEmpty();
  }

  @Test
  void certificatesAndListsAreInstalled() throws Exception {
    Path certificate = Files.writeString(folder.resolve("one.pem"), authority.pem());
    Path list = Files.writeString(folder.resolve("one.crl"), authority.revoking(4));
    xe.ok("pool-certificate-install", "filename=" + certificate);
    xe.ok("pool-crl-install", "filename=" + list);
    assertThat(xe.ok("pool-certificate-list")).isEqualTo("one.pem\n");
    assertThat(xe.ok("pool-crl-list")).isEqualTo("one.crl\n");
    xe.ok("pool-certificate-sync");
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(authority.serving(authority.server(5))));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            byte[] answer = ("heard " + new String(body, UTF_8)).getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
    try {
      assertThat(
              xe.ok(
                  "pool-send-test-post",
                  "dest-host=127.0.0.1",
                  "dest-port=" + server.getAddress().getPort(),
                  "body=a trial"))
          .isEqualTo("heard a trial\n");
    } finally {
      server.stop(0);
    }
    xe.ok("pool-certificate-uninstall", "name=one.pem");
    xe.ok("pool-crl-uninstall", "name=one.crl");
    assertThat(xe.refusal("pool-certificate-uninstall", "name=one.pem")).contains("one.pem");
    assertThat(xe.refusal("pool-crl-uninstall", "name=one.crl")).contains("one.crl");
    assertThat(xe.refusal("pool-crl-install", "filename=/none/of/that"))
        .isEqualTo("Error: File not found: /none/of/that\n");
  }

  @Test
  void failuresOfHostsAreProvidedFor() {
    String shared = repository("heartbeat");
    xe.ok("pool-enable-redo-log", "sr-uuid=" + shared);
    assertThat(xe.line("vdi-list", "sr-uuid=" + shared, "params=type", "--minimal"))
        .isEqualTo("Redo log");
    xe.ok("pool-disable-redo-log");
    xe.ok("pool-ha-enable", "heartbeat-sr-uuids=" + shared, "ha-config:timeout=20");
    assertThat(pool("ha-enabled")).isEqualTo("true");
    assertThat(pool("ha-configuration")).contains("timeout: 20");
    xe.ok("pool-ha-prevent-restarts-for", "seconds=1");
    assertThat(xe.line("pool-ha-compute-max-host-failures-to-tolerate")).matches("[0-9]+");
    String vm = xe.line("vm-clone", "vm=Other install media", "new-name-label=protected");
    xe.ok("template-param-set", "uuid=" + vm, "is-a-template=false");
    xe.ok("vm-start", "uuid=" + vm, "on=" + hosts[0]);
    assertThat(
            xe.line(
                "pool-ha-compute-hypothetical-max-host-failures-to-tolerate",
                "vm-uuid=" + vm,
                "restart-priority=restart"))
        .matches("[0-9]+");
    assertThat(
            xe.refusal(
                "pool-ha-compute-hypothetical-max-host-failures-to-tolerate", "vm-uuid=" + vm))
        .startsWith("Error: Call requires an equal number");
    assertThat(xe.ok("pool-ha-compute-vm-failover-plan", "host-uuids=" + hosts[0]))
        .contains(": Destination Host or Error\n")
        .contains(vm + " (protected): ");
    xe.ok("vm-shutdown", "uuid=" + vm, "--force");
    xe.ok("pool-ha-disable");
    assertThat(pool("ha-enabled")).isEqualTo("false");
    assertThat(xe.refusal("pool-ha-disable")).isNotEmpty();
  }

  @Test
  void whatIsSetForAllHosts() {
    String uuid = xe.line("pool-list", "--minimal");
    xe.ok("pool-enable-ssl-legacy", "uuid=" + uuid);
    xe.ok("pool-disable-ssl-legacy");
    assertThat(xe.refusal("pool-enable-local-storage-caching", "uuid=" + uuid))
        .contains("hosts: " + coordinator);
    assertThat(xe.refusal("pool-disable-local-storage-caching", "uuid=" + uuid))
        .contains("These hosts still cache shared disks.");
    Shown shown = xe.run("pool-set-vswitch-controller", "address=192.0.2.44");
    assertThat(shown.status() == 0 ? pool("vswitch-controller") : shown.errors())
        .isNotEqualTo("<not set>");
    xe.run("pool-set-vswitch-controller", "address=");
    assertThat(
            xe.refusal(
                "pool-enable-external-auth",
                "auth-type=LDAP",
                "service-name=example.com",
                "config:url=ldap://127.0.0.1:1"))
        .isNotEmpty();
    xe.ok("pool-disable-external-auth");
    assertThat(xe.refusal("pool-disable-external-auth", "uuid=none")).contains("none");
  }

  @Test
  void theDatabaseIsSavedAndTried() throws Exception {
    Path file = folder.resolve("database.xml");
    xe.ok("pool-dump-database", "file-name=" + file);
    assertThat(file).content().startsWith("<?xml");
    assertThat(xe.ok("pool-restore-database", "file-name=" + file, "dry-run=true"))
        .isEqualTo("Dry-run backup restore successful\n");
    assertThat(xe.refusal("pool-restore-database", "file-name=" + file))
        .startsWith("Error: This operation will put the database");
    Path broken = Files.writeString(folder.resolve("broken.xml"), "<nothing/>");
    assertThat(xe.refusal("pool-restore-database", "file-name=" + broken, "--dry-run"))
        .isNotEmpty();
  }

  @Test
  void aBalancingServerIsAsked() throws Exception {
    for (String command :
        new String[] {
          "pool-deconfigure-wlb",
          "pool-retrieve-wlb-configuration",
          "pool-retrieve-wlb-recommendations",
          "pool-send-wlb-configuration",
          "pool-retrieve-wlb-diagnostics"
        }) {
      assertThat(xe.refusal(command)).as(command).isNotEmpty();
    }
    try (BalancingServer balancer = new BalancingServer(authority.serving(authority.server(1)))) {
      xe.ok(
          "pool-initialize-wlb",
          "wlb_url=" + balancer.url(),
          "wlb_username=" + BalancingServer.USER,
          "wlb_password=" + BalancingServer.PASSWORD,
          "xenserver_username=root",
          "xenserver_password=" + ServerBox.PASSWORD);
      xe.ok("pool-send-wlb-configuration", "config:HostCpuThresholdCritical=0.9");
      assertThat(xe.ok("pool-retrieve-wlb-configuration"))
          .isEqualTo("HostCpuThresholdCritical    : 0.9\n\n\n");
      xe.ok("pool-param-set", "uuid=" + xe.line("pool-list", "--minimal"), "wlb-enabled=true");
      balancer.answers("GetOptimizationRecommendations", "");
      assertThat(xe.ok("pool-retrieve-wlb-recommendations"))
          .isEqualTo("VM    : Host, OptID, RecID, Reason\n\n\n");
      balancer.answers("ExecuteReport", "<XmlDataSet>a report</XmlDataSet>");
      balancer.answers("GetDiagnostics", "<DiagnosticData>a log</DiagnosticData>");
      Path report = folder.resolve("report");
      assertThat(
              xe.ok("pool-retrieve-wlb-report", "report=health", "filename=" + report, "Start=-1"))
          .isEqualTo("Report generation succeeded\n");
      assertThat(report).content().contains("a report");
      assertThat(balancer.asked("ExecuteReport").getFirst().members()).containsEntry("Start", "-1");
      assertThat(xe.ok("pool-retrieve-wlb-diagnostics")).contains("a log");
      assertThat(
              xe.run("host-retrieve-wlb-evacuate-recommendations", "uuid=" + coordinator)
                  .toString())
          .isNotEmpty();
      xe.ok("pool-deconfigure-wlb");
    }
  }
}

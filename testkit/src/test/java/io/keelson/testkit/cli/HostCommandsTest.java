package io.keelson.testkit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.cli.Xe.Shown;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts: put out of use, asked, set up, and their files. */
class HostCommandsTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private static Path folder;
  private static ServerBox box;
  private static Xe xe;
  private static String coordinator;
  private static String other;

  @BeforeAll
  static void start() {
    box = ServerBox.simulated(folder, 2).start();
    xe = Xe.of(box);
    coordinator = xe.line("pool-list", "params=master", "--minimal");
    other =
        List.of(xe.line("host-list", "--minimal").split(",")).stream()
            .filter(uuid -> !uuid.equals(coordinator))
            .findFirst()
            .orElseThrow();
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  private static String get(String uuid, String parameter) {
    return xe.line("host-param-get", "uuid=" + uuid, "param-name=" + parameter);
  }

  @Test
  void hostsArePutOutOfUseAndTurnedOff() {
    xe.ok("host-param-set", "uuid=" + other, "other-config:MAINTENANCE_MODE=on");
    String vm = xe.line("vm-clone", "vm=Other install media", "new-name-label=goes away");
    xe.ok("template-param-set", "uuid=" + vm, "is-a-template=false");
    xe.ok("vm-start", "uuid=" + vm, "on=" + other);
    xe.ok("host-disable", "uuid=" + other);
    assertThat(get(other, "enabled")).isEqualTo("false");
    assertThat(xe.ok("host-get-vms-which-prevent-evacuation", "uuid=" + other)).isEmpty();
    xe.ok("host-disable", "uuid=" + coordinator);
    assertThat(xe.ok("host-get-vms-which-prevent-evacuation", "uuid=" + other))
        .startsWith("uuid ( RO)          : " + vm + "\n    name-label ( RW): goes away\n")
        .contains("        reason ( RO): ");
    assertThat(xe.refusal("host-evacuate", "uuid=" + other)).isNotEmpty();
    xe.ok("host-enable", "uuid=" + coordinator);
    xe.ok("host-evacuate", "uuid=" + other);
    assertThat(xe.line("vm-param-get", "uuid=" + vm, "param-name=resident-on"))
        .isEqualTo(coordinator);
    xe.ok("host-set-power-on-mode", "uuid=" + other, "power-on-mode=wake-on-lan");
    assertThat(get(other, "power-on-mode")).isEqualTo("wake-on-lan");
    xe.ok("host-reboot", "uuid=" + other);
    await().atMost(SOON).until(() -> get(other, "host-metrics-live").equals("true"));
    xe.ok("host-disable", "uuid=" + other);
    xe.ok("host-shutdown", "uuid=" + other);
    xe.ok("event-wait", "class=host", "uuid=" + other, "host-metrics-live=false");
    assertThat(xe.refusal("host-dmesg", "uuid=" + other))
        .startsWith("The host is not reachable.\n");
    xe.ok("host-power-on", "uuid=" + other);
    xe.ok("event-wait", "class=host", "uuid=" + other, "host-metrics-live=/=false");
    xe.ok("host-enable", "uuid=" + other);
    assertThat(get(other, "enabled")).isEqualTo("true");
    assertThat(get(other, "other-config")).doesNotContain("MAINTENANCE_MODE");
    xe.ok("vm-shutdown", "uuid=" + vm, "--force");
    xe.ok("host-sync-data", "uuid=" + other);
  }

  @Test
  void severalHostsTakeASwitchAndNoneIsSaid() {
    assertThat(xe.refusal("host-dmesg"))
        .isEqualTo(
            "Error: Multiple matching hosts found. --multiple required to complete the"
                + " operation\n");
    assertThat(xe.refusal("host-compute-free-memory"))
        .isEqualTo(
            "Error: Multiple matching hosts found. Operation can only be performed on one host at"
                + " a time\n");
    assertThat(xe.refusal("host-dmesg", "host=nobody"))
        .isEqualTo("Error: No matching hosts found\n");
  }

  @Test
  void hostsTellOfThemselves() {
    xe.ok("host-send-debug-keys", "host-uuid=" + other, "keys=q");
    assertThat(xe.ok("host-dmesg", "host=" + other)).contains("debug keys q");
    assertThat(Long.parseLong(xe.line("host-compute-free-memory", "host=" + other))).isPositive();
    assertThat(xe.line("host-compute-memory-overhead", "uuid=" + other)).matches("[0-9]+");
    assertThat(xe.ok("host-get-server-certificate", "uuid=" + other))
        .startsWith("-----BEGIN CERTIFICATE-----\n");
    assertThat(xe.ok("host-get-system-status-capabilities", "uuid=" + other))
        .contains("<system-status-capabilities")
        .containsPattern("(?m)^<capability [^<]*key=\"xenserver-logs\"[^<]*/>$");
    assertThat(xe.ok("host-cpu-info", "uuid=" + other)).contains("cpu_count", "features");
    assertThat(xe.ok("host-cpu-info")).isEqualTo(xe.ok("host-cpu-info", "uuid=" + coordinator));
    String features = xe.line("host-get-cpu-features", "uuid=" + other);
    xe.run("host-set-cpu-features", "uuid=" + other, "features=" + features);
    xe.run("host-reset-cpu-features", "uuid=" + other);
    assertThat(xe.line("host-is-in-emergency-mode")).isEqualTo("false");
    xe.ok("host-refresh-pack-info", "host-uuid=" + other);
    assertThat(xe.refusal("host-cpu-info", "uuid=none")).contains("none");
  }

  @Test
  void whatIsMeasuredIsListedAndAsked() {
    await()
        .atMost(SOON)
        .until(() ->
            xe.ok("host-data-source-list", "uuid=" + other)
                .contains("name_label          : memory_total_kib\n"));
    assertThat(xe.ok("host-data-source-list", "uuid=" + other)).contains("units: KiB\n");
    xe.ok("host-data-source-record", "uuid=" + other, "data-source=memory_total_kib");
    assertThat(xe.line("host-data-source-query", "uuid=" + other, "data-source=memory_total_kib"))
        .matches("[0-9]+\\.[0-9]{6}");
    xe.ok("host-data-source-forget", "uuid=" + other, "data-source=memory_total_kib");
    assertThat(xe.refusal("host-data-source-query", "uuid=" + other, "data-source=luck"))
        .contains("luck");
  }

  @Test
  void hostsAreSetUp() throws IOException {
    xe.ok("host-syslog-reconfigure", "host-uuid=" + other);
    assertThat(xe.line("host-disable-display", "uuid=" + other)).isNotEmpty();
    assertThat(xe.line("host-enable-display", "uuid=" + other)).isNotEmpty();
    assertThat(xe.refusal("host-set-hostname-live", "host-uuid=" + other, "host-name=not ok"))
        .isNotEmpty();
    assertThat(xe.refusal("host-emergency-ha-disable"))
        .startsWith("Error: This operation is extremely dangerous");
    assertThat(xe.refusal("host-emergency-ha-disable", "--force")).isNotEmpty();
    assertThat(xe.refusal("host-emergency-management-reconfigure", "interface=eth0")).isNotEmpty();
    String card = xe.line("pif-list", "host-uuid=" + other, "device=eth1", "--minimal");
    assertThat(xe.refusal("host-management-reconfigure", "pif-uuid=" + card))
        .startsWith("The interface has no IP configuration.\n");
    xe.ok(
        "pif-reconfigure-ip",
        "uuid=" + card,
        "mode=static",
        "IP=192.0.2.77",
        "netmask=255.255.255.0");
    xe.ok("host-management-reconfigure", "pif-uuid=" + card);
    assertThat(xe.line("pif-list", "host-uuid=" + other, "management=true", "--minimal"))
        .isEqualTo(card);
    assertThat(
            xe.refusal(
                "host-enable-external-auth",
                "host-uuid=" + other,
                "auth-type=LDAP",
                "service-name=x"))
        .startsWith("Error: This operation is provided only to recover individual hosts");
    assertThat(
            xe.refusal(
                "host-enable-external-auth",
                "host-uuid=" + other,
                "auth-type=LDAP",
                "service-name=x",
                "config:url=ldap://127.0.0.1:1",
                "--force"))
        .isNotEmpty();
    xe.ok("host-disable-external-auth", "host-uuid=" + other, "--force");
    assertThat(xe.refusal("host-disable-external-auth", "host-uuid=" + other))
        .startsWith("Error: This operation is provided only");
    assertThat(xe.refusal("host-disable-local-storage-caching", "uuid=" + other))
        .startsWith("Disable the host first.\n");
    xe.ok("host-disable", "uuid=" + other);
    xe.ok("host-disable-local-storage-caching", "uuid=" + other);
    xe.ok("host-enable", "uuid=" + other);
    String shared = xe.line("sr-list", "type=file", "--minimal").split(",")[0];
    assertThat(
            xe.refusal("host-enable-local-storage-caching", "uuid=" + other, "sr-uuid=" + shared))
        .isNotEmpty();
  }

  @Test
  void aPluginIsCalledWithWhatAFileHas() throws IOException {
    Path plugins = Files.createDirectories(box.data().resolve("plugins/host"));
    Path plugin = plugins.resolve("echo");
    Files.writeString(
        plugin,
        """
        #!/bin/sh
        case "$1" in *"line one"*) answer="it came" ;; *) answer="it did not" ;; esac
        member() { echo "<member><name>$1</name><value>$2</value></member>"; }
        echo "<methodResponse><params><param><value><struct>"
        member Status Success
        member Value "$answer"
        echo "</struct></value></param></params></methodResponse>"
        """);
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path text = folder.resolve("text");
    Files.writeString(text, "line one\nline two\n");
    assertThat(
            xe.ok(
                "host-call-plugin",
                "host-uuid=" + other,
                "plugin=echo",
                "fn=say",
                "args:what:file=" + text))
        .isEqualTo("it came\n");
    assertThat(xe.ok("host-call-plugin", "host-uuid=" + other, "plugin=echo", "fn=say", "args:a=b"))
        .isEqualTo("it did not\n");
    assertThat(xe.refusal("host-call-plugin", "host-uuid=" + other, "plugin=none", "fn=say"))
        .contains("none");
  }

  @Test
  void theFilesOfHostsAreFetchedAndSent() throws IOException {
    Path backup = folder.resolve("backup.tar");
    xe.ok("host-backup", "host=" + coordinator, "file-name=" + backup);
    assertThat(new String(Files.readAllBytes(backup), 0, 19, UTF_8))
        .isEqualTo("keelson-host-backup");
    xe.ok("host-restore", "host=" + coordinator, "file-name=" + backup);
    assertThat(box.data().resolve("restore")).exists();
    Path broken = Files.writeString(folder.resolve("broken.tar"), "no backup");
    assertThat(xe.refusal("host-restore", "host=" + coordinator, "file-name=" + broken))
        .isNotEmpty();
    assertThat(xe.refusal("host-restore", "host=" + coordinator, "file-name=/none"))
        .isEqualTo("Operation failed. Error: file '/none' does not exist\n");
    assertThat(xe.refusal("host-backup", "host=" + coordinator, "file-name=" + backup))
        .as("xe overwrites nothing")
        .isEqualTo("Operation failed. Error: file '" + backup + "' exists already\n");

    Path logs = folder.resolve("logs");
    xe.ok("host-logs-download", "--multiple", "file-name=" + logs);
    for (String name : xe.line("host-list", "params=name-label", "--minimal").split(",")) {
      assertThat(folder.resolve("logs-" + name)).isNotEmptyFile();
    }
    Path status = folder.resolve("status.tar");
    xe.ok("host-get-system-status", "uuid=" + coordinator, "filename=" + status, "output=tar");
    assertThat(status).isNotEmptyFile();
    assertThat(
            xe.refusal("host-get-system-status", "uuid=" + coordinator, "filename=x", "output=rar"))
        .startsWith("Error: Invalid output format.");
    assertThat(
            xe.refusal(
                "host-get-system-status",
                "uuid=" + coordinator,
                "filename=" + folder.resolve("none"),
                "entries=none",
                "output=tar"))
        .contains("no entries of that name: none");
    assertThat(xe.line("task-list", "--minimal")).isEmpty();
  }

  @Test
  void aReportIsSentToAServer() throws IOException {
    AtomicLong received = new AtomicLong();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            received.addAndGet(exchange.getRequestBody().readAllBytes().length);
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/report";
      xe.ok("host-bugreport-upload", "uuid=" + other, "url=" + url);
      assertThat(received.get()).isPositive();
    } finally {
      server.stop(0);
    }
    assertThat(xe.refusal("host-bugreport-upload", "uuid=" + other, "url=nonsense")).isNotEmpty();
    assertThat(xe.refusal("host-crashdump-upload", "uuid=none")).contains("none");
    assertThat(xe.refusal("host-crashdump-destroy", "uuid=none")).contains("none");
  }

  @Test
  void editionsAndLicences() throws IOException {
    for (String edition : xe.ok("host-all-editions").split("\n")) {
      xe.ok("host-apply-edition", "edition=" + edition, "license-server-address=192.0.2.9");
      xe.ok("pool-apply-edition", "edition=" + edition);
    }
    assertThat(get(coordinator, "license-server")).contains("address: 192.0.2.9");
    Shown shown =
        xe.run("host-apply-edition", "edition=golden", "license-server-address=192.0.2.10");
    assertThat(shown.status()).isEqualTo(1);
    assertThat(shown.errors()).startsWith("Valid editions are: free\n").contains("golden");
    assertThat(get(coordinator, "license-server")).contains("address: 192.0.2.9");
    assertThat(xe.refusal("pool-apply-edition", "edition=free", "license-server-port=high"))
        .startsWith("Error: Failed to parse parameter 'license-server-port'");
    assertThat(xe.ok("host-license-view")).containsPattern("(?m)^ *expiry *: 2099");
    Path file = Files.writeString(folder.resolve("licence"), "a licence");
    assertThat(xe.refusal("host-license-add", "license-file=" + file)).isNotEmpty();
    xe.ok("host-license-remove", "host-uuid=" + other);
    assertThat(xe.ok("diagnostic-license-status"))
        .startsWith("Hostname")
        .contains(other.substring(0, 8))
        .contains(" all ");
  }

  @Test
  void whoIsGivenUpIsAskedAbout() {
    Shown shown = xe.typing("no").run("host-forget", "uuid=" + other);
    assertThat(shown.status()).isEqualTo(1);
    assertThat(shown.output())
        .startsWith("WARNING: A host should only be forgotten if it is physically unrecoverable;\n")
        .endsWith("Type 'yes' to continue\nAborted (you typed: 'no')\n");
    assertThat(xe.line("host-list", "uuid=" + other, "--minimal")).isEqualTo(other);
    assertThat(xe.refusal("host-forget", "uuid=" + coordinator, "--force")).isNotEmpty();
    assertThat(xe.refusal("host-declare-dead", "uuid=" + coordinator, "--force")).isNotEmpty();
  }
}

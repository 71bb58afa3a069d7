package io.keelson.testkit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFException;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.cli.Xe.Shown;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users and what they may do; waiting; and looks at what may be wrong. */
class AccessCommandsTest {
  private static final String BASE = "dc=example,dc=com";

  @TempDir private static Path folder;
  private static ServerBox box;
  private static Xe xe;

  @BeforeAll
  static void start() {
    box = ServerBox.simulated(folder, 1).start();
    xe = Xe.of(box);
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  private static String vm(String name) {
    String uuid = xe.line("vm-clone", "vm=Other install media", "new-name-label=" + name);
    xe.ok("template-param-set", "uuid=" + uuid, "is-a-template=false");
    return uuid;
  }

  @Test
  void usersOfADirectoryAreAdmitted() throws LDAPException, LDIFException {
    try (InMemoryDirectoryServer directory = directory()) {
      xe.ok(
          "pool-enable-external-auth",
          "auth-type=LDAP",
          "service-name=example.com",
          "config:url=ldap://127.0.0.1:" + directory.getListenPort(),
          "config:tls=none",
          "config:user=cn=reader," + BASE,
          "config:pass=reader's password");
      String subject = xe.line("subject-add", "subject-name=alice");
      assertThat(xe.refusal("subject-role-add", "uuid=" + subject))
          .isEqualTo("Error: Required parameter not found: role-uuid or role-name\n");
      assertThat(xe.refusal("subject-role-add", "uuid=" + subject, "role-name=king"))
          .isEqualTo("Error: There is no role called king\n");
      xe.ok("subject-role-add", "uuid=" + subject, "role-name=read-only");
      String operator = xe.line("role-list", "name=vm-operator", "--minimal");
      xe.ok("subject-role-add", "uuid=" + subject, "role-uuid=" + operator);
      assertThat(xe.line("subject-param-get", "uuid=" + subject, "param-name=roles").split("; "))
          .containsExactlyInAnyOrder("read-only", "vm-operator");
      xe.ok("subject-role-remove", "uuid=" + subject, "role-uuid=" + operator);
      Xe alice = xe.as("username=alice", "password=alice's password");
      assertThat(alice.line("host-list", "--minimal")).isNotEmpty();
      assertThat(alice.refusal("secret-create", "value=x")).isNotEmpty();
      assertThat(alice.refusal("diagnostic-compact"))
          .isEqualTo("Error: Only the local superuser may do this.\n");
      assertThat(xe.ok("session-subject-identifier-list")).isEmpty();
      String identifier =
          xe.line("subject-param-get", "uuid=" + subject, "param-name=subject-identifier");
      xe.ok("session-subject-identifier-logout", "subject-identifier=" + identifier);
      xe.ok("session-subject-identifier-logout-all");
      xe.ok("subject-remove", "subject-uuid=" + subject);
      assertThat(alice.refusal("host-list")).startsWith("Authentication failed\n");
      assertThat(xe.refusal("subject-add", "subject-name=nobody")).isNotEmpty();
      xe.ok("pool-disable-external-auth");
    }
  }

  private static InMemoryDirectoryServer directory() throws LDAPException, LDIFException {
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
    config.setSchema(null);
    config.addAdditionalBindCredentials("cn=reader," + BASE, "reader's password");
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig(
            "plain", InetAddress.getLoopbackAddress(), 0, null));
    InMemoryDirectoryServer server = new InMemoryDirectoryServer(config);
    server.startListening();
    server.add("dn: " + BASE, "objectClass: domain");
    server.add(
        "dn: uid=alice," + BASE,
        "objectClass: inetOrgPerson",
        "uid: alice",
        "userPassword: alice's password");
    return server;
  }

  @Test
  void aPasswordIsChanged() {
    assertThat(xe.refusal("user-password-change", "old=wrong", "new=another password"))
        .isNotEmpty();
    xe.ok("user-password-change", "old=" + ServerBox.PASSWORD, "new=another password");
    Xe changed = xe.as("username=root", "password=another password");
    changed.ok("user-password-change", "old=another password", "new=" + ServerBox.PASSWORD);
    assertThat(xe.line("host-list", "--minimal")).isNotEmpty();
  }

  @Test
  void secretsAreKept() {
    String uuid = xe.line("secret-create", "value=of nobody", "other-config:for=a test");
    assertThat(xe.line("secret-param-get", "uuid=" + uuid, "param-name=value"))
        .isEqualTo("of nobody");
    xe.ok("secret-destroy", "uuid=" + uuid);
    assertThat(xe.refusal("secret-destroy", "uuid=" + uuid)).contains(uuid);
  }

  @Test
  void theAuditLogIsFetched() throws IOException {
    xe.ok("secret-create", "value=to be recorded");
    Path log = folder.resolve("audit");
    assertThat(xe.ok("audit-log-get", "filename=" + log))
        .isEqualTo("audit-log-get into file " + log + " succeeded\n");
    assertThat(log).content(UTF_8).contains("secret.create").doesNotContain("to be recorded");
    Path later = folder.resolve("later");
    xe.ok("audit-log-get", "filename=" + later, "since=2999-01-01T00:00:00Z");
    assertThat(later).isEmptyFile();
    assertThat(
            xe.refusal("audit-log-get", "filename=" + folder.resolve("never"), "since=yesterday"))
        .contains("since")
        .contains("yesterday");
    assertThat(xe.line("task-list", "--minimal")).isEmpty();
  }

  @Test
  void oneWaitsForWhatComes() throws ExecutionException, InterruptedException {
    String uuid = vm("awaited");
    xe.ok("event-wait", "class=vm", "uuid=" + uuid, "power-state=halted");
    try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> wait =
          thread.submit(
              () -> xe.ok("event-wait", "class=vm", "uuid=" + uuid, "power-state=/=halted"));
      Future<String> named =
          thread.submit(() -> xe.ok("event-wait", "class=network", "name-label=of a later time"));
      xe.ok("vm-start", "uuid=" + uuid);
      xe.ok("network-create", "name-label=of a later time");
      assertThat(wait.get()).isEmpty();
      assertThat(named.get()).isEmpty();
    }
    assertThat(xe.refusal("event-wait", "class=weather"))
        .isEqualTo("Error: There is no class 'weather' to wait for\n");
    assertThat(xe.refusal("event-wait", "class=vm", "colour=red"))
        .isEqualTo("Error: Unknown field 'colour'\n");
    xe.ok("vm-shutdown", "uuid=" + uuid, "--force");
  }

  @Test
  void aTaskIsCancelled() {
    assertThat(xe.refusal("task-cancel", "uuid=none")).contains("none");
  }

  @Test
  void vmsAndDisksAreLookedInto() {
    String uuid = vm("in question");
    String host = xe.line("host-list", "params=name-label", "--minimal");
    Shown shown = xe.run("diagnostic-vm-status", "uuid=" + uuid);
    assertThat(shown.status()).isZero();
    assertThat(shown.output())
        .startsWith("uuid ( RO)              : " + uuid + "\n")
        .contains("Checking to see whether disks are attachable\n")
        .contains("Checking to see whether VM can boot on each host\n" + host + "    : OK\n")
        .endsWith("VM is agile.\n");
    String sr = xe.line("sr-list", "type=file", "--minimal").split(",")[0];
    xe.ok("sr-scan", "uuid=" + sr);
    assertThat(xe.refusal("diagnostic-vdi-status", "uuid=none")).contains("none");
  }

  @Test
  void theServerIsLookedInto() {
    xe.ok("diagnostic-compact");
    assertThat(xe.ok("diagnostic-gc-stats")).contains("heap_used_bytes", "_collections");
    for (String command :
        new String[] {"diagnostic-timing-stats", "diagnostic-db-stats", "diagnostic-net-stats"}) {
      assertThat(xe.refusal(command)).startsWith("Error: The server shows what it counts");
    }
    assertThat(xe.refusal("diagnostic-db-log")).contains("audit-log-get");
    assertThat(xe.ok("log-get")).contains("serving XenAPI");
    assertThat(xe.refusal("log-reopen")).startsWith("Error: ");
    assertThat(xe.refusal("log-get-keys")).startsWith("Error: ");
    assertThat(xe.refusal("log-set-output", "output=nil")).contains("host-syslog-reconfigure");
  }
}

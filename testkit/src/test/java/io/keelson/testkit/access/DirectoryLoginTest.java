package io.keelson.testkit.access;

import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Answer;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.Wire;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A user of an LDAP directory from the log-in to the end of the account. */
class DirectoryLoginTest {
  private static final String BASE = "dc=example,dc=com";
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  @Test
  void logsInOverTheWireUntilTheAccountIsDisabled() throws LDAPException {
    try (InMemoryDirectoryServer directory = directory();
        ServerBox box = ServerBox.simulated(folder, 1).start();
        Api root = box.login(Format.XML_RPC)) {
      JsonNode host = root.call("host.get_all").get(0);
      root.call(
          "host.enable_external_auth",
          host,
          JSON.valueToTree(
              Map.of(
                  "url", "ldap://127.0.0.1:" + directory.getListenPort(),
                  "tls", "none",
                  "user", "cn=reader," + BASE,
                  "pass", "reader's password",
                  "revalidate", "1")),
          text("example.com"),
          text("LDAP"));
      String staff = root.read("auth.get_subject_identifier", text("staff"));
      JsonNode subject =
          root.call(
              "subject.create",
              JSON.valueToTree(Map.of("subject_identifier", staff, "other_config", Map.of())));
      JsonNode role = root.call("role.get_by_name_label", text("read-only")).get(0);
      root.call("subject.add_to_roles", subject, role);

      Wire wire = box.wire(Format.JSON_RPC);
      Answer answer =
          wire.call(
              "session.login_with_password",
              List.of(text("EXAMPLE\\alice"), text("alice's password")));
      assertThat(answer).isInstanceOf(Answer.Success.class);
      Api alice = Api.within(wire, ((Answer.Success) answer).value());
      assertThat(alice.read("session.get_auth_user_name", alice.session())).isEqualTo("alice");
      assertThat(alice.refusal("host.disable_external_auth", host, JSON.valueToTree(Map.of())))
          .startsWith("RBAC_PERMISSION_DENIED");

      directory.modify(
          "uid=alice," + BASE, new Modification(ModificationType.REPLACE, "nsAccountLock", "true"));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> wire.call("pool.get_all", List.of(alice.session())) instanceof Answer.Failure);
    }
  }

  private static InMemoryDirectoryServer directory() throws LDAPException {
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
    config.setSchema(null);
    config.addAdditionalBindCredentials("cn=reader," + BASE, "reader's password");
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig(
            "plain", InetAddress.getLoopbackAddress(), 0, null));
    InMemoryDirectoryServer server = new InMemoryDirectoryServer(config);
    server.startListening();
    Entry base = new Entry(BASE);
    base.addAttribute("objectClass", "domain");
    server.add(base);
    Entry alice = new Entry("uid=alice," + BASE);
    alice.addAttribute("objectClass", "inetOrgPerson");
    alice.addAttribute("uid", "alice");
    alice.addAttribute("userPassword", "alice's password");
    server.add(alice);
    Entry staff = new Entry("cn=staff," + BASE);
    staff.addAttribute("objectClass", "groupOfNames");
    staff.addAttribute("cn", "staff");
    staff.addAttribute("member", "uid=alice," + BASE);
    server.add(staff);
    return server;
  }
}

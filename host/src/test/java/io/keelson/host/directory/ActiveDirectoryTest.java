package io.keelson.host.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import io.keelson.host.Directory;
import io.keelson.host.DirectoryEntry;
import io.keelson.host.DirectoryEntry.Standing;
import io.keelson.host.DirectoryException;
import io.keelson.host.DirectoryException.Reason;
import io.keelson.host.Trust;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Entries as Active Directory keeps them: identifiers in bytes, flags, times from 1601. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ActiveDirectoryTest {
  private static final String BASE = "dc=corp,dc=example";
  private static final String DOMAIN_SID = "S-1-5-21-3623811015-3361044348-30300820-";
  private static final int NORMAL = 0x200;

  private final InMemoryDirectoryServer server;

  ActiveDirectoryTest() throws LDAPException {
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
    config.setSchema(null);
    config.addAdditionalBindCredentials("cn=reader," + BASE, "reader's password");
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig(
            "plain", InetAddress.getLoopbackAddress(), 0, null));
    server = new InMemoryDirectoryServer(config);
    server.startListening();
    Entry base = new Entry(BASE);
    base.addAttribute("objectClass", "domain");
    server.add(base);
    user("alice", 1101, Map.of("userAccountControl", "512", "pwdLastSet", "133000000000000000"));
    user("bob", 1102, Map.of("userAccountControl", Integer.toString(NORMAL | 2)));
    user("carol", 1103, Map.of("lockoutTime", "133000000000000000"));
    user("dave", 1104, Map.of("accountExpires", "133000000000000000"));
    user("erin", 1105, Map.of("pwdLastSet", "0"));
    user("frank", 1106, Map.of("accountExpires", Long.toString(Long.MAX_VALUE)));
    user(
        "grace",
        1107,
        Map.of("lockoutTime", "133000000000000000", "msDS-User-Account-Control-Computed", "0"));
    user("heidi", 1108, Map.of("msDS-User-Account-Control-Computed", "8388608"));
    group("Domain Users", 513);
    group("Everybody", 1200, "cn=Domain Users," + BASE);
    group("Admins", 1201, "cn=alice," + BASE);
  }

  @AfterAll
  void close() {
    server.close();
  }

  private void user(String name, int id, Map<String, String> more) throws LDAPException {
    Entry entry = new Entry("cn=" + name + "," + BASE);
    entry.addAttribute("objectClass", "user");
    entry.addAttribute("sAMAccountName", name);
    entry.addAttribute("userPrincipalName", name + ".long@corp.example");
    entry.addAttribute("userPassword", "secret of " + name);
    entry.addAttribute("primaryGroupID", "513");
    entry.addAttribute("objectSid", SecurityIdentifier.bytes(DOMAIN_SID + id).orElseThrow());
    more.forEach(entry::addAttribute);
    server.add(entry);
  }

  private void group(String name, int id, String... members) throws LDAPException {
    Entry entry = new Entry("cn=" + name + "," + BASE);
    entry.addAttribute("objectClass", "group");
    entry.addAttribute("sAMAccountName", name);
    entry.addAttribute("objectSid", SecurityIdentifier.bytes(DOMAIN_SID + id).orElseThrow());
    if (members.length > 0) {
      entry.addAttribute(new Attribute("member", members));
    }
    server.add(entry);
  }

  private Directory directory() {
    return new LdapDirectories(Trust.USUAL)
        .open(
            LdapDirectories.ACTIVE_DIRECTORY,
            "corp.example",
            Map.of(
                "url", "ldap://127.0.0.1:" + server.getListenPort(),
                "tls", "none",
                "ou", "Servers",
                "user", "cn=reader," + BASE,
                "pass", "reader's password"));
  }

  @Test
  void namesOfEveryForm() {
    DirectoryEntry alice = directory().byName("alice").orElseThrow();
    assertThat(alice.identifier()).isEqualTo(DOMAIN_SID + 1101);
    for (String name :
        new String[] {"alice", "CORP\\alice", "alice@corp.example", "alice.long@corp.example"}) {
      assertThat(directory().authenticate(name, "secret of alice")).as(name).isEqualTo(alice);
    }
    assertThat(directory().byIdentifier(DOMAIN_SID + 1101)).contains(alice);
    assertThat(directory().byIdentifier("alice")).isEmpty();
    assertThat(alice.facts())
        .containsEntry("subject-sid", DOMAIN_SID + 1101)
        .containsEntry("subject-upn", "alice.long@corp.example");
  }

  @Test
  void groupsWithThePrimaryOne() {
    assertThat(directory().groups(DOMAIN_SID + 1101))
        .containsExactlyInAnyOrder(DOMAIN_SID + 513, DOMAIN_SID + 1200, DOMAIN_SID + 1201);
    assertThat(directory().byName("Domain Users").orElseThrow().group()).isTrue();
  }

  @Test
  void howAccountsStand() {
    Map<String, Standing> expected =
        Map.of(
            "alice", Standing.GOOD,
            "bob", Standing.DISABLED,
            "carol", Standing.LOCKED,
            "dave", Standing.EXPIRED,
            "erin", Standing.PASSWORD_EXPIRED,
            "frank", Standing.GOOD,
            "grace", Standing.GOOD,
            "heidi", Standing.PASSWORD_EXPIRED);
    expected.forEach((name, standing) ->
        assertThat(directory().byName(name).orElseThrow().standing()).as(name).isEqualTo(standing));
  }

  @Test
  void aDomainThatNoServerIsFoundFor() {
    Directory nowhere =
        new LdapDirectories(Trust.USUAL)
            .open(LdapDirectories.ACTIVE_DIRECTORY, "no-such-domain.invalid", Map.of());
    assertThatThrownBy(nowhere::probe)
        .isInstanceOfSatisfying(
            DirectoryException.class,
            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(Reason.NO_SERVER));
  }
}

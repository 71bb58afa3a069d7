package io.keelson.host.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFException;
import io.keelson.host.Directory;
import io.keelson.host.DirectoryEntry;
import io.keelson.host.DirectoryEntry.Standing;
import io.keelson.host.DirectoryException;
import io.keelson.host.DirectoryException.Reason;
import io.keelson.host.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** An LDAP directory over the real protocol, with and without TLS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LdapDirectoryTest {
  private static final String BASE = "dc=example,dc=com";
  private static final String READER = "cn=reader," + BASE;

  private final TestCertificate certificate;
  private final InMemoryDirectoryServer server;

  LdapDirectoryTest(@TempDir Path folder)
      throws IOException, GeneralSecurityException, LDAPException {
    certificate = TestCertificate.make(folder, "ip:127.0.0.1");
    var tls = certificate.context();
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
    config.setSchema(null);
    config.addAdditionalBindCredentials(READER, "reader's password");
    InetAddress here = InetAddress.getLoopbackAddress();
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig("plain", here, 0, tls.getSocketFactory()),
        InMemoryListenerConfig.createLDAPSConfig(
            "tls", here, 0, tls.getServerSocketFactory(), tls.getSocketFactory()));
    server = new InMemoryDirectoryServer(config);
    server.startListening();
    add("dn: " + BASE, "objectClass: domain", "dc: example");
    user("alice", "displayName: Alice Adams", "mail: alice@example.com", "uidNumber: 1001");
    user("bob", "nsAccountLock: true");
    user("carol", "pwdAccountLockedTime: 000001010000Z");
    user("dave", "shadowExpire: 1");
    user("erin", "pwdReset: TRUE");
    user("frank", "shadowExpire: 90000");
    user("star*(x)");
    group("admins", "member: " + dn("staff"), "member: uid=bob," + BASE);
    group("staff", "member: uid=alice," + BASE, "member: " + dn("ring"));
    group("ring", "member: " + dn("admins"));
    add(
        "dn: " + dn("posix"),
        "objectClass: posixGroup",
        "cn: posix",
        "memberUid: alice",
        "description: By user name");
    group("others", "uniqueMember: uid=bob," + BASE);
  }

  @AfterAll
  void close() {
    server.close();
  }

  private static String dn(String group) {
    return "cn=" + group + "," + BASE;
  }

  private void user(String name, String... more) throws LDAPException {
    String[] lines = {
      "dn: uid=" + name + "," + BASE,
      "objectClass: inetOrgPerson",
      "uid: " + name,
      "cn: " + name,
      "userPassword: secret of " + name
    };
    add(concat(lines, more));
  }

  private void group(String name, String... more) throws LDAPException {
    add(concat(new String[] {"dn: " + dn(name), "objectClass: groupOfNames", "cn: " + name}, more));
  }

  private static String[] concat(String[] first, String... more) {
    String[] all = Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }

  private void add(String... lines) throws LDAPException {
    try {
      server.add(lines);
    } catch (LDIFException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private Map<String, String> settings() throws GeneralSecurityException {
    return new HashMap<>(
        Map.of(
            "url",
            "ldap://127.0.0.1:" + server.getListenPort("plain"),
            "base",
            BASE,
            "user",
            READER,
            "pass",
            "reader's password",
            "ca",
            certificate.pem()));
  }

  private static Directory open(Map<String, String> settings) {
    return new LdapDirectories(Trust.USUAL).open(LdapDirectories.LDAP, "example.com", settings);
  }

  private Directory directory() throws GeneralSecurityException {
    return open(settings());
  }

  private Directory with(String key, String value) throws GeneralSecurityException {
    Map<String, String> settings = settings();
    settings.put(key, value);
    return open(settings);
  }

  private static void fails(Reason reason, ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            DirectoryException.class,
            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  private Set<String> names(Set<String> identifiers) throws GeneralSecurityException {
    Directory directory = directory();
    return identifiers.stream()
        .map(id -> directory.byIdentifier(id).orElseThrow().name())
        .collect(Collectors.toSet());
  }

  @Test
  void everyFormOfAName() throws GeneralSecurityException {
    DirectoryEntry alice = directory().byName("alice").orElseThrow();
    for (String name :
        new String[] {"alice", "Alice@EXAMPLE.com", "alice@example", "EXAMPLE\\alice"}) {
      assertThat(directory().authenticate(name, "secret of alice")).as(name).isEqualTo(alice);
    }
    fails(Reason.REFUSED, () -> directory().authenticate("OTHER\\alice", "secret of alice"));
    fails(Reason.REFUSED, () -> directory().authenticate("alice@other.com", "secret of alice"));
    assertThat(alice.facts())
        .containsEntry("subject_name", "alice")
        .containsEntry("subject-displayname", "Alice Adams")
        .containsEntry("subject-upn", "alice@example.com")
        .containsEntry("subject-uid", "1001")
        .containsEntry("subject-is-group", "false")
        .containsEntry("subject-sid", alice.identifier());
  }

  @Test
  void whoIsNotLetIn() throws GeneralSecurityException {
    fails(Reason.REFUSED, () -> directory().authenticate("alice", "secret of bob"));
    fails(Reason.REFUSED, () -> directory().authenticate("alice", ""));
    fails(Reason.REFUSED, () -> directory().authenticate("nobody", "secret of alice"));
    fails(Reason.REFUSED, () -> directory().authenticate("*", "secret of alice"));
    fails(Reason.REFUSED, () -> directory().authenticate("a*", "secret of alice"));
    fails(Reason.REFUSED, () -> directory().authenticate("alice)(uid=*", "secret of alice"));
    fails(Reason.REFUSED, () -> directory().authenticate("", ""));
    assertThat(directory().authenticate("star*(x)", "secret of star*(x)").name())
        .isEqualTo("star*(x)");
  }

  @Test
  void howAccountsStand() throws GeneralSecurityException {
    assertThat(directory().byName("alice").orElseThrow().standing()).isEqualTo(Standing.GOOD);
    assertThat(directory().byName("bob").orElseThrow().standing()).isEqualTo(Standing.DISABLED);
    assertThat(directory().byName("carol").orElseThrow().standing()).isEqualTo(Standing.LOCKED);
    assertThat(directory().byName("dave").orElseThrow().standing()).isEqualTo(Standing.EXPIRED);
    assertThat(directory().byName("erin").orElseThrow().standing())
        .isEqualTo(Standing.PASSWORD_EXPIRED);
    assertThat(directory().byName("frank").orElseThrow().standing()).isEqualTo(Standing.GOOD);
  }

  @Test
  void groupsInGroupsAndInEachOther() throws GeneralSecurityException {
    Directory directory = directory();
    String alice = directory.byName("alice").orElseThrow().identifier();
    assertThat(names(directory.groups(alice)))
        .containsExactlyInAnyOrder("staff", "admins", "ring", "posix");
    DirectoryEntry staff = directory.byName("staff").orElseThrow();
    assertThat(staff.group()).isTrue();
    assertThat(names(directory.groups(staff.identifier())))
        .containsExactlyInAnyOrder("admins", "ring");
    String bob = directory.byName("bob").orElseThrow().identifier();
    assertThat(names(directory.groups(bob)))
        .containsExactlyInAnyOrder("admins", "ring", "staff", "others");
    fails(Reason.NOT_FOUND, () -> directory.groups("no such identifier"));
    assertThat(directory.byIdentifier("no such identifier")).isEmpty();
  }

  @Test
  void manyGroupsOneInTheNext() throws GeneralSecurityException, LDAPException {
    user("deep");
    group("deep0", "member: uid=deep," + BASE);
    for (int i = 1; i < 120; i++) {
      group("deep" + i, "member: " + dn("deep" + (i - 1)));
    }
    String deep = directory().byName("deep").orElseThrow().identifier();
    assertThat(directory().groups(deep)).hasSize(120);
  }

  @Test
  void serversProveWhoTheyAre() throws GeneralSecurityException {
    String tls = "ldaps://127.0.0.1:" + server.getListenPort("tls");
    with("url", tls).probe();
    directory().probe();
    for (String url : new String[] {settings().get("url"), tls}) {
      Map<String, String> settings = settings();
      settings.put("url", url);
      settings.remove("ca");
      fails(Reason.UNREACHABLE, () -> open(settings).probe());
      settings.put("verify", "no");
      open(settings).probe();
    }
    // The certificate is of 127.0.0.1 and of no other name.
    fails(
        Reason.UNREACHABLE,
        () -> with("url", "ldaps://localhost:" + server.getListenPort("tls")).probe());
    with("tls", "none").probe();
  }

  @Test
  void theNextServerIsAskedWhenOneDoesNotAnswer() throws GeneralSecurityException {
    with("url", "ldap://127.0.0.1:1 " + settings().get("url")).probe();
    fails(Reason.UNREACHABLE, () -> with("url", "ldap://127.0.0.1:1").probe());
  }

  @Test
  void settingsThatMakeNoSense() throws GeneralSecurityException {
    fails(Reason.INVALID, () -> with("colour", "red"));
    fails(Reason.INVALID, () -> with("url", "http://127.0.0.1"));
    fails(Reason.INVALID, () -> with("url", ""));
    fails(Reason.INVALID, () -> with("tls", "maybe"));
    fails(Reason.INVALID, () -> with("verify", "maybe"));
    fails(Reason.INVALID, () -> with("timeout", "0"));
    fails(Reason.INVALID, () -> with("ca", "not a certificate"));
    fails(Reason.INVALID, () -> with("user_filter", "((").probe());
    fails(Reason.INVALID, () -> with("base", "dc=elsewhere").probe());
    fails(Reason.WRONG_CREDENTIALS, () -> with("pass", "wrong").probe());
    fails(Reason.WRONG_CREDENTIALS, () -> with("pass", "").probe());
    fails(
        Reason.INVALID,
        () -> new LdapDirectories(Trust.USUAL).open("NIS", "example.com", settings()));
  }

  @Test
  void theDirectorySaysItsOwnBase() throws GeneralSecurityException {
    Map<String, String> settings = settings();
    settings.remove("base");
    open(settings).probe();
    assertThat(open(settings).byName("alice")).isPresent();
  }
}

package io.keelson.host.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.host.Directory;
import io.keelson.host.DirectoryEntry.Standing;
import io.keelson.host.DirectoryException;
import io.keelson.host.DirectoryException.Reason;
import io.keelson.host.Trust;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** OpenLDAP itself: its schema, its TLS, its password policies. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlapdTest {
  private static final String ENTRIES =
      """
      dn: dc=example,dc=com
      objectClass: dcObject
      objectClass: organization
      dc: example
      o: Example

      dn: cn=policy,dc=example,dc=com
      objectClass: device
      objectClass: pwdPolicy
      cn: policy
      pwdAttribute: userPassword
      pwdLockout: TRUE
      pwdMaxFailure: 3

      dn: uid=alice,dc=example,dc=com
      objectClass: inetOrgPerson
      objectClass: posixAccount
      uid: alice
      cn: Alice Adams
      sn: Adams
      uidNumber: 1001
      gidNumber: 100
      homeDirectory: /home/alice
      userPassword: secret of alice

      dn: uid=bob,dc=example,dc=com
      objectClass: inetOrgPerson
      uid: bob
      cn: Bob
      sn: Brown
      userPassword: secret of bob

      dn: cn=staff,dc=example,dc=com
      objectClass: groupOfNames
      cn: staff
      member: uid=alice,dc=example,dc=com
      member: cn=everybody,dc=example,dc=com

      dn: cn=everybody,dc=example,dc=com
      objectClass: groupOfUniqueNames
      cn: everybody
      uniqueMember: cn=staff,dc=example,dc=com

      dn: cn=wheel,dc=example,dc=com
      objectClass: posixGroup
      cn: wheel
      gidNumber: 10
      memberUid: alice
      """;

  private final SlapdTestServer server;

  SlapdTest(@TempDir Path folder) throws IOException, GeneralSecurityException {
    server = SlapdTestServer.start(folder, ENTRIES);
  }

  @AfterAll
  void close() {
    server.close();
  }

  private Directory directory(String url, String tls) {
    Map<String, String> settings = new HashMap<>();
    settings.put("url", url);
    settings.put("tls", tls);
    settings.put("user", SlapdTestServer.ADMIN);
    settings.put("pass", SlapdTestServer.PASSWORD);
    settings.put("ca", server.authority());
    return new LdapDirectories(Trust.USUAL).open(LdapDirectories.LDAP, "example.com", settings);
  }

  private Directory directory() {
    return directory(server.url(), "starttls");
  }

  private static void fails(Reason reason, ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            DirectoryException.class, e -> assertThat(e.reason()).as(e.why()).isEqualTo(reason));
  }

  @Test
  void overTlsOfBothKindsAndNotInClear() {
    directory().probe();
    directory(server.tlsUrl(), "starttls").probe();
    fails(Reason.DENIED, () -> directory(server.url(), "none").probe());
  }

  @Test
  void usersAndTheirGroups() {
    Directory directory = directory();
    String alice = directory.authenticate("alice", "secret of alice").identifier();
    assertThat(alice).matches("[0-9a-f-]{36}");
    Set<String> groups =
        directory.groups(alice).stream()
            .map(id -> directory.byIdentifier(id).orElseThrow().name())
            .collect(Collectors.toSet());
    assertThat(groups).containsExactlyInAnyOrder("staff", "everybody", "wheel");
    assertThat(directory.byIdentifier("no uuid")).isEmpty();
    assertThat(directory.byName("staff").orElseThrow().group()).isTrue();
  }

  @Test
  void theServersOwnPolicyLocksAnAccount() {
    Directory directory = directory();
    assertThat(directory.authenticate("bob", "secret of bob").standing()).isEqualTo(Standing.GOOD);
    for (int i = 0; i < 3; i++) {
      fails(Reason.REFUSED, () -> directory.authenticate("bob", "a guess"));
    }
    fails(Reason.REFUSED, () -> directory.authenticate("bob", "secret of bob"));
    assertThat(directory.byName("bob").orElseThrow().standing()).isEqualTo(Standing.LOCKED);
  }
}

package io.keelson.control.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPException;
import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.control.TestControl;
import io.keelson.control.access.RoleRows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users of a directory log in, do what their roles allow, and are looked at again. */
class ExternalUsersTest {
  private static final Duration INTERVAL = Duration.ofMinutes(5);
  @TempDir Path folder;
  private DirectoryLab lab;

  @BeforeEach
  void open() throws LDAPException {
    lab = new DirectoryLab(folder);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void looksUpUsersAndGroups() {
    lab.enable(lab.directory.settings());
    String alice = lab.identifier("alice");
    assertThat(lab.identifier("EXAMPLE\\alice")).isEqualTo(alice);
    assertThat(lab.control.answer("auth.get_subject_information_from_identifier", lab.root, alice))
        .asString()
        .contains("subject_name=alice");
    assertThat((List<?>) lab.control.answer("auth.get_group_membership", lab.root, alice))
        .map(Object::toString)
        .containsExactlyInAnyOrder(
            lab.identifier("operators"), lab.identifier("staff"), lab.identifier("readers"));
    for (String method :
        List.of(
            "auth.get_subject_identifier",
            "auth.get_subject_information_from_identifier",
            "auth.get_group_membership")) {
      assertThat(lab.error(method, lab.root, "nobody"))
          .containsExactly("SUBJECT_CANNOT_BE_RESOLVED");
    }
    lab.directory.stop();
    assertThat(lab.error("auth.get_subject_identifier", lab.root, "alice"))
        .startsWith("AUTH_SERVICE_ERROR");
  }

  @Test
  void rightsComeFromTheUserAndFromGroupsOfGroups() {
    lab.enable(lab.directory.settings());
    assertThat(lab.error("session.login_with_password", "alice", TestDirectory.password("alice")))
        .startsWith("SESSION_AUTHENTICATION_FAILED", "alice")
        .anyMatch(text -> text.contains("may log in"));
    String operators = lab.subject("operators");
    assertThat(lab.error("session.login_with_password", "alice", TestDirectory.password("alice")))
        .anyMatch(text -> text.contains("no role"));
    lab.answer("subject.add_to_roles", lab.root, operators, RoleRows.ref("vm-operator").text());
    for (String name : List.of("alice", "alice@example.com", "EXAMPLE\\alice")) {
      Session session = lab.session(lab.login(name));
      assertThat(session.isLocalSuperuser()).isFalse();
      assertThat(session.authUserName()).isEqualTo("alice");
      assertThat(session.authUserSid()).isEqualTo(lab.identifier("alice"));
      assertThat(session.subject().text()).isEqualTo(operators);
      assertThat(session.thisUser()).isEqualTo(Ref.none());
      assertThat(session.rbacPermissions()).contains("vm.start").doesNotContain("vm.create");
    }
    String own = lab.subject("alice", "vm-admin");
    Session session = lab.session(lab.login("alice"));
    assertThat(session.subject().text()).isEqualTo(own);
    assertThat(session.rbacPermissions()).contains("vm.start", "vm.create");
    assertThat(lab.control.answer("subject.get_permissions_name_label", lab.root, operators))
        .asString()
        .contains("vm.start")
        .doesNotContain("vm.create,");
    assertThat(lab.error("pool.sync_database", lab.login("alice")))
        .startsWith("RBAC_PERMISSION_DENIED");
    assertThat(lab.error("session.login_with_password", "carol", TestDirectory.password("carol")))
        .startsWith("SESSION_AUTHENTICATION_FAILED");
    assertThat(lab.error("session.login_with_password", "alice", "wrong"))
        .startsWith("SESSION_AUTHENTICATION_FAILED");
  }

  @Test
  void theHostsOwnAccountsAreNotAskedOfTheDirectory() {
    lab.enable(lab.directory.settings());
    lab.subject("root", "pool-admin");
    assertThat(lab.error("session.login_with_password", "root", TestDirectory.password("root")))
        .startsWith("SESSION_AUTHENTICATION_FAILED");
    lab.control.clock.forward(Duration.ofMinutes(1));
    assertThat(
            lab.session(lab.answer("session.login_with_password", "root", TestControl.PASSWORD))
                .isLocalSuperuser())
        .isTrue();
    lab.directory.stop();
    assertThat(lab.error("session.login_with_password", "root", TestControl.PASSWORD)).isEmpty();
    assertThat(
            lab.error(
                "session.slave_local_login_with_password",
                "alice",
                TestDirectory.password("alice")))
        .startsWith("SESSION_AUTHENTICATION_FAILED");
  }

  @Test
  void subjectsAreListedAndLoggedOut() {
    lab.enable(lab.directory.settings());
    lab.subject("alice", "read-only");
    String alice = lab.login("alice");
    assertThat((List<?>) lab.control.answer("session.get_all_subject_identifiers", lab.root))
        .map(Object::toString)
        .containsExactly(lab.identifier("alice"));
    lab.answer("session.logout_subject_identifier", lab.root, lab.identifier("alice"));
    assertThat(lab.lives(alice)).isFalse();
  }

  @Test
  void aSubjectThatChangesEndsEverySessionItAdmitted() {
    lab.enable(lab.directory.settings());
    String staff = lab.subject("staff", "vm-operator");
    String readers = lab.subject("readers", "read-only");
    String alice = lab.login("alice");
    lab.answer(
        "subject.remove_from_roles",
        lab.root,
        lab.session(alice).subject().text().equals(staff) ? readers : staff,
        RoleRows.ref(
                lab.session(alice).subject().text().equals(staff) ? "read-only" : "vm-operator")
            .text());
    assertThat(lab.lives(alice)).isFalse();
  }

  @Test
  void usersAreLookedAtAgain() throws LDAPException {
    lab.enable(lab.directory.settings());
    lab.subject("staff", "vm-operator");
    lab.subject("readers", "read-only");
    String alice = lab.login("alice");
    lab.later(INTERVAL.minusSeconds(2));
    assertThat(lab.lives(alice)).isTrue();
    lab.later(Duration.ofSeconds(4));
    assertThat(lab.session(alice).validationTime())
        .isAfter(lab.control.clock.instant().minus(Duration.ofSeconds(2)));
    // No longer in one of the groups, though the other would still admit.
    lab.directory.set(TestDirectory.group("staff"), "member", TestDirectory.group("operators"));
    assertThat(lab.lives(alice)).isTrue();
    lab.later(INTERVAL);
    assertThat(lab.lives(alice)).isFalse();
    assertThat(lab.session(lab.login("alice")).rbacPermissions()).doesNotContain("vm.start");
  }

  @Test
  void accountsThatFallFromGraceLoseTheirSessions() throws LDAPException {
    lab.enable(lab.directory.settings());
    lab.subject("alice", "vm-operator");
    for (List<String> fall :
        List.of(
            List.of("nsAccountLock", "true"),
            List.of("pwdAccountLockedTime", "000001010000Z"),
            List.of("shadowExpire", "1"),
            List.of("pwdReset", "TRUE"))) {
      String alice = lab.login("alice");
      lab.directory.set(TestDirectory.user("alice"), fall.getFirst(), fall.getLast());
      lab.later(INTERVAL);
      assertThat(lab.lives(alice)).as(fall.getFirst()).isFalse();
      assertThat(lab.error("session.login_with_password", "alice", TestDirectory.password("alice")))
          .startsWith("SESSION_AUTHENTICATION_FAILED");
      lab.directory.set(TestDirectory.user("alice"), fall.getFirst());
    }
    String alice = lab.login("alice");
    lab.directory.delete(TestDirectory.user("alice"));
    lab.later(INTERVAL);
    assertThat(lab.lives(alice)).isFalse();
  }

  @Test
  void aDirectoryThatIsSilentIsBelievedForAWhile() {
    Map<String, String> settings = lab.directory.settings();
    settings.put("revalidate", "60");
    settings.put("revalidate_limit", "600");
    lab.enable(settings);
    lab.subject("alice", "vm-operator");
    String alice = lab.login("alice");
    lab.directory.stop();
    lab.later(Duration.ofSeconds(61));
    assertThat(lab.lives(alice)).isTrue();
    assertThat(lab.error("session.login_with_password", "alice", TestDirectory.password("alice")))
        .anyMatch(text -> text.contains("does not answer"));
    lab.later(Duration.ofMinutes(9));
    assertThat(lab.lives(alice)).isFalse();
    assertThat(lab.lives(lab.root)).isTrue();
  }

  @Test
  void whatTheDirectoryAdmittedOutlastsARestart() {
    lab.enable(lab.directory.settings());
    lab.subject("staff", "vm-operator");
    String alice = lab.login("alice");
    lab.restart();
    assertThat(lab.lives(alice)).isTrue();
    assertThat(lab.error("pool.sync_database", alice)).startsWith("RBAC_PERMISSION_DENIED");
    assertThat(lab.login("alice")).startsWith("OpaqueRef:");
  }
}

package io.keelson.control.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPException;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.api.model.Host;
import io.keelson.api.model.Session;
import io.keelson.control.TestControl;
import io.keelson.control.access.RoleRows;
import io.keelson.host.Trust;
import io.keelson.host.directory.LdapDirectories;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users of a directory log in, do what their roles allow, and are looked at again. */
class ExternalUsersTest {
  private static final Duration INTERVAL = Duration.ofMinutes(5);

  @TempDir Path folder;
  private TestControl control;
  private TestDirectory directory;
  private ExternalAuthentication external;
  private String root;

  @BeforeEach
  void open() throws LDAPException {
    directory = new TestDirectory();
    for (String name : List.of("alice", "bob", "carol", "root")) {
      directory.addUser(name);
    }
    directory.addGroup("operators", TestDirectory.group("staff"));
    directory.addGroup("staff", TestDirectory.user("alice"), TestDirectory.group("operators"));
    directory.addGroup("readers", TestDirectory.user("alice"), TestDirectory.user("bob"));
    LdapDirectories ldap = new LdapDirectories(Trust.USUAL);
    control = new TestControl(folder, Simulation.open(SimulationPlan.of(1)).drivers().with(ldap));
    external =
        new ExternalAuthentication(control.store, control.clock, control.control.sessions(), ldap);
    root = control.session();
  }

  @AfterEach
  void close() {
    control.close();
    directory.close();
  }

  private static Value map(Map<String, String> texts) {
    return new Value.Structure(
        texts.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> new Value.Text(e.getValue()))));
  }

  private List<String> enable(Map<String, String> settings) {
    return error("host.enable_external_auth", control.host, settings, "example.com", "LDAP");
  }

  private List<String> error(
      String method, Ref<?> target, Map<String, String> settings, String... more) {
    List<Value> arguments =
        new ArrayList<>(
            List.of(new Value.Text(root), new Value.Text(target.text()), map(settings)));
    for (String text : more) {
      arguments.add(new Value.Text(text));
    }
    return TestControl.error(control.callWith(method, arguments));
  }

  private List<String> error(String method, String... arguments) {
    return TestControl.error(control.call(method, arguments));
  }

  private String answer(String method, String... arguments) {
    return control.answer(method, arguments).toString();
  }

  private String identifier(String name) {
    return answer("auth.get_subject_identifier", root, name);
  }

  private String subject(String name, String... roles) {
    Value record =
        new Value.Structure(
            Map.of(
                "subject_identifier",
                new Value.Text(identifier(name)),
                "other_config",
                map(Map.of())));
    String ref =
        TestControl.answer(
                control.callWith("subject.create", List.of(new Value.Text(root), record)))
            .toString();
    for (String role : roles) {
      answer("subject.add_to_roles", root, ref, RoleRows.ref(role).text());
    }
    return ref;
  }

  private String login(String name) {
    return answer("session.login_with_password", name, TestDirectory.password("alice"));
  }

  private Host host() {
    return control.store.snapshot().get(ApiModel.HOST, control.host);
  }

  private Session session(String ref) {
    return control.store.snapshot().get(ApiModel.SESSION, Ref.of(ref));
  }

  private boolean lives(String session) {
    return error("pool.get_all", session).isEmpty();
  }

  private void later(Duration time) {
    control.clock.forward(time);
    external.revalidate();
  }

  @Test
  void isTurnedOnAndOff() {
    assertThat(error("auth.get_subject_identifier", root, "alice"))
        .containsExactly("AUTH_IS_DISABLED");
    assertThat(enable(directory.settings())).isEmpty();
    assertThat(host().externalAuthType()).isEqualTo("LDAP");
    assertThat(host().externalAuthServiceName()).isEqualTo("example.com");
    assertThat(host().externalAuthConfiguration())
        .doesNotContainKey("pass")
        .doesNotContainValue(TestDirectory.SECRET)
        .containsKey("pass_secret");
    assertThat(enable(directory.settings()))
        .containsExactly("AUTH_ALREADY_ENABLED", "LDAP", "example.com");
    assertThat(error("pool.enable_external_auth", control.pool, Map.of(), "x", "LDAP"))
        .containsExactly("POOL_AUTH_ALREADY_ENABLED", control.host.text());
    assertThat(control.store.snapshot().table(ApiModel.SECRET).size()).isEqualTo(1);
    subject("alice", "read-only");
    String alice = login("alice");
    assertThat(error("host.disable_external_auth", control.host, Map.of())).isEmpty();
    assertThat(host().externalAuthType()).isEmpty();
    assertThat(host().externalAuthConfiguration()).isEmpty();
    assertThat(control.store.snapshot().table(ApiModel.SECRET).size()).isZero();
    assertThat(lives(alice)).isFalse();
    assertThat(lives(root)).isTrue();
    assertThat(error("host.disable_external_auth", control.host, Map.of())).isEmpty();
    assertThat(error("session.login_with_password", "alice", TestDirectory.password("alice")))
        .startsWith("SESSION_AUTHENTICATION_FAILED");
  }

  @Test
  void aPoolAtOnce() {
    assertThat(
            error(
                "pool.enable_external_auth",
                control.pool,
                directory.settings(),
                "example.com",
                "LDAP"))
        .isEmpty();
    assertThat(identifier("alice")).isNotEmpty();
    assertThat(error("pool.disable_external_auth", control.pool, Map.of())).isEmpty();
    assertThat(host().externalAuthType()).isEmpty();
  }

  @Test
  void whatCannotBeTurnedOnChangesNothing() {
    Map<String, String> settings = directory.settings();
    settings.put("pass", "wrong");
    assertThat(enable(settings)).startsWith("AUTH_ENABLE_FAILED_WRONG_CREDENTIALS");
    assertThat(error("pool.enable_external_auth", control.pool, settings, "x", "LDAP"))
        .startsWith("POOL_AUTH_ENABLE_FAILED_WRONG_CREDENTIALS", control.host.text());
    settings = directory.settings();
    settings.put("url", "ldap://127.0.0.1:1");
    assertThat(enable(settings)).startsWith("AUTH_ENABLE_FAILED_UNAVAILABLE");
    for (Map<String, String> bad :
        List.of(
            Map.of("colour", "red"),
            Map.of("revalidate", "never"),
            Map.of("revalidate", "60", "revalidate_limit", "59"),
            Map.of("pass_secret", "no uuid"),
            Map.of("tls", "perhaps"))) {
      settings = directory.settings();
      settings.putAll(bad);
      assertThat(enable(settings)).as(bad.toString()).startsWith("AUTH_ENABLE_FAILED");
    }
    assertThat(error("host.enable_external_auth", control.host, directory.settings(), "x", "NIS"))
        .containsExactly("AUTH_UNKNOWN_TYPE", "NIS");
    assertThat(error("host.enable_external_auth", control.host, Map.of(), "no.invalid", "AD"))
        .startsWith("AUTH_ENABLE_FAILED_DOMAIN_LOOKUP_FAILED");
    assertThat(host().externalAuthType()).isEmpty();
    assertThat(control.store.snapshot().table(ApiModel.SECRET).size()).isZero();
  }

  @Test
  void aSecretThatIsThereAlreadyStays() {
    String uuid = "5f1a9c0e-2f9d-4b34-8a51-6c1d7f6f2a10";
    control.store.change(tx ->
        tx.create(
            ApiModel.SECRET,
            ApiModel.SECRET.blank().with(b -> b.uuid(uuid).value(TestDirectory.SECRET))));
    Map<String, String> settings = directory.settings();
    settings.remove("pass");
    settings.put("pass_secret", uuid);
    assertThat(enable(settings)).isEmpty();
    assertThat(identifier("alice")).isNotEmpty();
    assertThat(error("host.disable_external_auth", control.host, Map.of())).isEmpty();
    assertThat(control.store.snapshot().table(ApiModel.SECRET).size()).isEqualTo(1);
  }

  @Test
  void looksUpUsersAndGroups() {
    enable(directory.settings());
    String alice = identifier("alice");
    assertThat(identifier("EXAMPLE\\alice")).isEqualTo(alice);
    assertThat(control.answer("auth.get_subject_information_from_identifier", root, alice))
        .asString()
        .contains("subject_name=alice");
    assertThat((List<?>) control.answer("auth.get_group_membership", root, alice))
        .map(Object::toString)
        .containsExactlyInAnyOrder(
            identifier("operators"), identifier("staff"), identifier("readers"));
    for (String method :
        List.of(
            "auth.get_subject_identifier",
            "auth.get_subject_information_from_identifier",
            "auth.get_group_membership")) {
      assertThat(error(method, root, "nobody")).containsExactly("SUBJECT_CANNOT_BE_RESOLVED");
    }
    directory.stop();
    assertThat(error("auth.get_subject_identifier", root, "alice"))
        .startsWith("AUTH_SERVICE_ERROR");
  }

  @Test
  void rightsComeFromTheUserAndFromGroupsOfGroups() {
    enable(directory.settings());
    assertThat(error("session.login_with_password", "alice", TestDirectory.password("alice")))
        .startsWith("SESSION_AUTHENTICATION_FAILED", "alice")
        .anyMatch(text -> text.contains("may log in"));
    String operators = subject("operators");
    assertThat(error("session.login_with_password", "alice", TestDirectory.password("alice")))
        .anyMatch(text -> text.contains("no role"));
    answer("subject.add_to_roles", root, operators, RoleRows.ref("vm-operator").text());
    for (String name : List.of("alice", "alice@example.com", "EXAMPLE\\alice")) {
      Session session = session(login(name));
      assertThat(session.isLocalSuperuser()).isFalse();
      assertThat(session.authUserName()).isEqualTo("alice");
      assertThat(session.authUserSid()).isEqualTo(identifier("alice"));
      assertThat(session.subject().text()).isEqualTo(operators);
      assertThat(session.thisUser()).isEqualTo(Ref.none());
      assertThat(session.rbacPermissions()).contains("vm.start").doesNotContain("vm.create");
    }
    String own = subject("alice", "vm-admin");
    Session session = session(login("alice"));
    assertThat(session.subject().text()).isEqualTo(own);
    assertThat(session.rbacPermissions()).contains("vm.start", "vm.create");
    assertThat(control.answer("subject.get_permissions_name_label", root, operators))
        .asString()
        .contains("vm.start")
        .doesNotContain("vm.create,");
    assertThat(error("pool.sync_database", login("alice"))).startsWith("RBAC_PERMISSION_DENIED");
    assertThat(error("session.login_with_password", "carol", TestDirectory.password("carol")))
        .startsWith("SESSION_AUTHENTICATION_FAILED");
    assertThat(error("session.login_with_password", "alice", "wrong"))
        .startsWith("SESSION_AUTHENTICATION_FAILED");
  }

  @Test
  void theHostsOwnAccountsAreNotAskedOfTheDirectory() {
    enable(directory.settings());
    subject("root", "pool-admin");
    assertThat(error("session.login_with_password", "root", TestDirectory.password("root")))
        .startsWith("SESSION_AUTHENTICATION_FAILED");
    control.clock.forward(Duration.ofMinutes(1));
    assertThat(
            session(answer("session.login_with_password", "root", TestControl.PASSWORD))
                .isLocalSuperuser())
        .isTrue();
    directory.stop();
    assertThat(error("session.login_with_password", "root", TestControl.PASSWORD)).isEmpty();
    assertThat(
            error(
                "session.slave_local_login_with_password",
                "alice",
                TestDirectory.password("alice")))
        .startsWith("SESSION_AUTHENTICATION_FAILED");
  }

  @Test
  void subjectsAreListedAndLoggedOut() {
    enable(directory.settings());
    subject("alice", "read-only");
    String alice = login("alice");
    assertThat((List<?>) control.answer("session.get_all_subject_identifiers", root))
        .map(Object::toString)
        .containsExactly(identifier("alice"));
    answer("session.logout_subject_identifier", root, identifier("alice"));
    assertThat(lives(alice)).isFalse();
  }

  @Test
  void aSubjectThatChangesEndsEverySessionItAdmitted() {
    enable(directory.settings());
    String staff = subject("staff", "vm-operator");
    String readers = subject("readers", "read-only");
    String alice = login("alice");
    answer(
        "subject.remove_from_roles",
        root,
        session(alice).subject().text().equals(staff) ? readers : staff,
        RoleRows.ref(session(alice).subject().text().equals(staff) ? "read-only" : "vm-operator")
            .text());
    assertThat(lives(alice)).isFalse();
  }

  @Test
  void usersAreLookedAtAgain() throws LDAPException {
    enable(directory.settings());
    subject("staff", "vm-operator");
    subject("readers", "read-only");
    String alice = login("alice");
    later(INTERVAL.minusSeconds(2));
    assertThat(lives(alice)).isTrue();
    later(Duration.ofSeconds(4));
    assertThat(session(alice).validationTime())
        .isAfter(control.clock.instant().minus(Duration.ofSeconds(2)));
    // No longer in one of the groups, though the other would still admit.
    directory.set(TestDirectory.group("staff"), "member", TestDirectory.group("operators"));
    assertThat(lives(alice)).isTrue();
    later(INTERVAL);
    assertThat(lives(alice)).isFalse();
    assertThat(session(login("alice")).rbacPermissions()).doesNotContain("vm.start");
  }

  @Test
  void accountsThatFallFromGraceLoseTheirSessions() throws LDAPException {
    enable(directory.settings());
    subject("alice", "vm-operator");
    for (List<String> fall :
        List.of(
            List.of("nsAccountLock", "true"),
            List.of("pwdAccountLockedTime", "000001010000Z"),
            List.of("shadowExpire", "1"),
            List.of("pwdReset", "TRUE"))) {
      String alice = login("alice");
      directory.set(TestDirectory.user("alice"), fall.getFirst(), fall.getLast());
      later(INTERVAL);
      assertThat(lives(alice)).as(fall.getFirst()).isFalse();
      assertThat(error("session.login_with_password", "alice", TestDirectory.password("alice")))
          .startsWith("SESSION_AUTHENTICATION_FAILED");
      directory.set(TestDirectory.user("alice"), fall.getFirst());
    }
    String alice = login("alice");
    directory.delete(TestDirectory.user("alice"));
    later(INTERVAL);
    assertThat(lives(alice)).isFalse();
  }

  @Test
  void aDirectoryThatIsSilentIsBelievedForAWhile() {
    Map<String, String> settings = directory.settings();
    settings.put("revalidate", "60");
    settings.put("revalidate_limit", "600");
    enable(settings);
    subject("alice", "vm-operator");
    String alice = login("alice");
    directory.stop();
    later(Duration.ofSeconds(61));
    assertThat(lives(alice)).isTrue();
    assertThat(error("session.login_with_password", "alice", TestDirectory.password("alice")))
        .anyMatch(text -> text.contains("does not answer"));
    later(Duration.ofMinutes(9));
    assertThat(lives(alice)).isFalse();
    assertThat(lives(root)).isTrue();
  }

  @Test
  void whatTheDirectoryAdmittedOutlastsARestart() {
    enable(directory.settings());
    subject("staff", "vm-operator");
    String alice = login("alice");
    control.close();
    control =
        new TestControl(
            folder,
            Simulation.open(SimulationPlan.of(1)).drivers().with(new LdapDirectories(Trust.USUAL)));
    assertThat(lives(alice)).isTrue();
    assertThat(error("pool.sync_database", alice)).startsWith("RBAC_PERMISSION_DENIED");
    assertThat(login("alice")).startsWith("OpaqueRef:");
  }

  @Test
  void hostsThatDifferRaiseAnAlertOnce() {
    enable(directory.settings());
    answer("pool.detect_nonhomogeneous_external_auth", root, control.pool.text());
    assertThat(control.store.snapshot().table(ApiModel.MESSAGE).size()).isZero();
    String uuid = "0b3c1a52-93f4-4b7a-9a0c-52d1a0f2a9c1";
    control.store.change(tx ->
        tx.create(
            ApiModel.HOST, Host.builder().build().with(b -> b.uuid(uuid).nameLabel("other"))));
    answer("pool.detect_nonhomogeneous_external_auth", root, control.pool.text());
    answer("pool.detect_nonhomogeneous_external_auth", root, control.pool.text());
    assertThat(control.store.snapshot().rows(ApiModel.MESSAGE).map(Row::record).toList())
        .singleElement()
        .satisfies(message -> {
          assertThat(message.name()).isEqualTo("AUTH_EXTERNAL_POOL_NON_HOMOGENEOUS");
          assertThat(message.objUuid()).isEqualTo(uuid);
          assertThat(message.body()).contains("master_external_auth_type=LDAP");
        });
  }

  @Test
  void passwordsAreInNoRecordButTheSecretsOwn() throws IOException {
    enable(directory.settings());
    subject("alice", "read-only");
    String alice = login("alice");
    assertThat(control.answer("host.get_all_records", alice))
        .asString()
        .doesNotContain(TestDirectory.SECRET);
    assertThat(error("secret.get_all_records", alice)).startsWith("RBAC_PERMISSION_DENIED");
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .doesNotContain(TestDirectory.password("alice"));
      }
    }
  }
}

package io.keelson.control.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.AccessRole;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.control.TestControl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Logging in and out, and how long sessions last. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionsTest {
  private final Path folder;
  private TestControl control;

  SessionsTest(@TempDir Path folder) {
    this.folder = folder;
    this.control = new TestControl(folder);
  }

  @AfterAll
  void close() {
    control.close();
  }

  private List<String> error(String method, String... arguments) {
    return TestControl.error(control.call(method, arguments));
  }

  private String login(String... more) {
    List<String> arguments = new ArrayList<>(List.of("root", TestControl.PASSWORD));
    arguments.addAll(List.of(more));
    return control
        .answer("session.login_with_password", arguments.toArray(new String[0]))
        .toString();
  }

  @Test
  void loginsOfTwoThreeAndFourParameters() {
    for (String session : List.of(login(), login("1.0"), login("1.0", "me"))) {
      assertThat(session).startsWith("OpaqueRef:");
      assertThat(error("pool.get_all", session)).isEmpty();
      assertThat(control.answer("session.get_is_local_superuser", session, session))
          .isEqualTo(true);
      assertThat(control.answer("session.get_this_host", session, session))
          .isEqualTo(control.host.text());
    }
    String named = login("1.0", "me");
    assertThat(control.answer("session.get_originator", named, named)).isEqualTo("me");
  }

  @Test
  void logout() {
    String session = login();
    assertThat(control.answer("session.logout", session)).isEqualTo("");
    assertThat(error("VM.get_all", session)).containsExactly("SESSION_INVALID", session);
    assertThat(error("session.logout", session)).containsExactly("SESSION_INVALID", session);
  }

  @Test
  void logoutLeavesTasksToNobody() {
    String session = login();
    String task = control.answer("task.create", session, "a", "b").toString();
    control.answer("session.logout", session);
    assertThat(control.answer("task.get_status", control.session(), task)).isEqualTo("pending");
  }

  @Test
  void wrongPasswordsAreSlowedDownByWhereTheyComeFrom() {
    control.pauses.clear();
    for (int i = 0; i < 3; i++) {
      assertThat(error("session.login_with_password", "root", "wrong"))
          .startsWith("SESSION_AUTHENTICATION_FAILED", "root")
          .hasSize(3);
    }
    assertThat(error("session.login_with_password", "nobody", "wrong"))
        .startsWith("SESSION_AUTHENTICATION_FAILED", "nobody");
    List<Duration> waits = control.pauses.stream().filter(d -> !d.isZero()).toList();
    assertThat(waits).contains(Duration.ofMillis(250), Duration.ofMillis(500));
    assertThat(waits.stream().reduce(Duration.ZERO, Duration::plus))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    control.clock.forward(Duration.ofMinutes(1));
    assertThat(login()).startsWith("OpaqueRef:");
  }

  @Test
  void whoGivesNoNameIsToldAtOnce() {
    control.pauses.clear();
    for (int i = 0; i < 5; i++) {
      assertThat(error("session.login_with_password", "", "wrong"))
          .startsWith("SESSION_AUTHENTICATION_FAILED", "");
    }
    assertThat(control.pauses).isEmpty();
  }

  @Test
  void accountsWithoutPasswordLetNobodyIn() {
    String session = control.session();
    TestControl.answer(
        control.callWith(
            "user.create",
            List.of(
                new Value.Text(session),
                new Value.Structure(
                    Map.of(
                        "short_name", new Value.Text("guest"),
                        "fullname", new Value.Text("Guest"))))));
    assertThat(error("session.login_with_password", "guest", ""))
        .startsWith("SESSION_AUTHENTICATION_FAILED");
  }

  @Test
  void aChangedPasswordEndsTheOtherSessions() {
    String other = login();
    String session = login();
    assertThat(error("session.change_password", session, "wrong", "new"))
        .startsWith("SESSION_AUTHENTICATION_FAILED");
    control.clock.forward(Duration.ofMinutes(1));
    assertThat(error("session.change_password", session, TestControl.PASSWORD, ""))
        .startsWith("CHANGE_PASSWORD_REJECTED");
    assertThat(error("session.change_password", session, TestControl.PASSWORD, "new")).isEmpty();
    assertThat(error("pool.get_all", other)).startsWith("SESSION_INVALID");
    assertThat(error("pool.get_all", session)).isEmpty();
    assertThat(error("session.login_with_password", "root", TestControl.PASSWORD))
        .startsWith("SESSION_AUTHENTICATION_FAILED");
    control.clock.forward(Duration.ofMinutes(1));
    assertThat(error("session.change_password", session, "new", TestControl.PASSWORD)).isEmpty();
  }

  @Test
  void localSessionsAreGoodForEmergenciesAlone() {
    String local =
        control
            .answer("session.slave_local_login_with_password", "root", TestControl.PASSWORD)
            .toString();
    assertThat(error("VM.get_all", local)).containsExactly("SESSION_INVALID", local);
    assertThat(error("session.local_logout", local)).isEmpty();
    assertThat(error("session.local_logout", local)).startsWith("SESSION_INVALID");
  }

  @Test
  void idleSessionsEnd() {
    String idle = login();
    control.clock.forward(Duration.ofHours(23));
    String used = login();
    control.clock.forward(Duration.ofHours(2));
    control.control.sessions().expire();
    assertThat(error("pool.get_all", idle)).startsWith("SESSION_INVALID");
    assertThat(error("pool.get_all", used)).isEmpty();
  }

  /** Lines to consoles are watched so. */
  @Test
  void whatIdleSessionsHaveOpenedIsCut() {
    String idle = login();
    Sessions sessions = control.control.sessions();
    AtomicBoolean cut = new AtomicBoolean();
    try (SessionEnds.Watch _ = sessions.whenEnds(Ref.of(idle), () -> cut.set(true))) {
      control.clock.forward(Duration.ofHours(23));
      sessions.expire();
      assertThat(cut).isFalse();
      control.clock.forward(Duration.ofHours(2));
      sessions.expire();
      assertThat(cut).isTrue();
    }
  }

  @Test
  void theLongestIdleMakesRoom() {
    Identity.Superuser root = new Identity.Superuser(control.root(), "root");
    Sessions sessions = control.control.sessions();
    List<String> first =
        IntStream.range(0, 500)
            .mapToObj(_ -> {
              control.clock.forward(Duration.ofMillis(1));
              return sessions.open(root, "crowd").text();
            })
            .toList();
    control.clock.forward(Duration.ofMillis(1));
    assertThat(error("pool.get_all", first.getFirst())).isEmpty();
    sessions.open(root, "crowd");
    assertThat(error("pool.get_all", first.get(1))).startsWith("SESSION_INVALID");
    assertThat(error("pool.get_all", first.getFirst())).isEmpty();
    assertThat(error("pool.get_all", first.get(2))).isEmpty();
    sessions.closeAll(s -> s.originator().equals("crowd"));
  }

  @Test
  void sessionsOutlastARestart() {
    String session = login("1.0", "steady");
    String reader = control.session(AccessRole.READ_ONLY);
    control.close();
    control = new TestControl(folder);
    assertThat(error("pool.get_all", session)).isEmpty();
    assertThat(error("pool.get_all", reader)).isEmpty();
    assertThat(error("pool.sync_database", reader)).startsWith("RBAC_PERMISSION_DENIED");
    assertThat(error("session.logout", session)).isEmpty();
  }

  @Test
  void directoryUsersAreListedAndLoggedOut() {
    String reader = control.session(AccessRole.VM_ADMIN);
    String session = control.session();
    assertThat((List<?>) control.answer("session.get_all_subject_identifiers", session))
        .anyMatch("sid-vm-admin"::equals);
    control.answer("session.logout_subject_identifier", session, "sid-vm-admin");
    assertThat(error("pool.get_all", reader)).startsWith("SESSION_INVALID");
  }

  @Test
  void referencesDoNotRepeat() {
    SessionIds ids = new SessionIds();
    Set<Ref<?>> seen = new HashSet<>();
    IntStream.range(0, 1_000_000).forEach(_ -> seen.add(ids.next()));
    assertThat(seen).hasSize(1_000_000);
  }

  @Test
  void nothingKeptTellsThePassword() throws IOException {
    login();
    try (var files = Files.walk(folder)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).isNotEmpty();
      for (Path file : all) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .doesNotContain(TestControl.PASSWORD);
      }
    }
  }
}

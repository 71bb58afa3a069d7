package io.keelson.testkit.conformance;

import static io.keelson.testkit.box.ServerBox.PASSWORD;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Answer;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import io.keelson.testkit.wire.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Cases 1 to 6: who may come in, and for how long. */
@RunsOn(hosts = 1)
@ParameterizedClass
@EnumSource(Format.class)
class SessionConformanceTest {
  private final ServerBox box;
  private final Wire wire;
  private final Format format;

  SessionConformanceTest(Format format, ServerBox box) {
    this.box = box;
    this.wire = box.wire(format);
    this.format = format;
  }

  @Test
  void logInWithVersionAndOriginatorGivesAReference() {
    try (Api api = box.login(format)) {
      assertThat(api.session().asString()).startsWith("OpaqueRef:");
      assertThat(api.read("session.get_originator", api.session())).isEqualTo("testkit");
    }
  }

  @Test
  void logInWithNameAndPasswordIsEnough() {
    assertThat(login("root", PASSWORD)).isInstanceOf(Answer.Success.class);
  }

  @Test
  void wrongPasswordIsRefusedWithTheName() {
    assertThat(login("root", "wrong"))
        .isInstanceOfSatisfying(
            Answer.Failure.class,
            failure ->
                assertThat(failure.description())
                    .hasSize(3)
                    .startsWith("SESSION_AUTHENTICATION_FAILED", "root"));
  }

  @Test
  void unknownNameIsRefusedInTheSameWay() {
    assertThat(login("nobody", PASSWORD))
        .isInstanceOfSatisfying(
            Answer.Failure.class,
            failure ->
                assertThat(failure.description())
                    .startsWith("SESSION_AUTHENTICATION_FAILED", "nobody"));
  }

  @Test
  void logInWithoutPasswordIsAWrongNumberOfParameters() {
    assertThat(wire.call("session.login_with_password", List.of(text("root"))))
        .isEqualTo(
            new Answer.Failure(
                List.of(
                    "MESSAGE_PARAMETER_COUNT_MISMATCH", "session.login_with_password", "2", "1")));
  }

  @Test
  void sessionThatNeverWasIsInvalid() {
    assertThat(wire.call("VM.get_all", List.of(text("OpaqueRef:none"))))
        .isEqualTo(new Answer.Failure(List.of("SESSION_INVALID", "OpaqueRef:none")));
  }

  @Test
  void logOutAnswersNothingAndEndsTheSession() {
    Api api = box.login(format);
    JsonNode session = api.session();

    assertThat(api.call("session.logout").asString()).isEmpty();

    List<String> invalid = List.of("SESSION_INVALID", session.asString());
    assertThat(api.refusal("VM.get_all")).isEqualTo(invalid);
    assertThat(api.refusal("session.logout")).isEqualTo(invalid);
  }

  @Test
  void sessionTellsItsHostAndIsInUse() {
    try (Api api = box.login(format)) {
      JsonNode host = api.call("session.get_this_host", api.session());
      assertThat(api.call("host.get_all")).contains(host);
      assertThat(api.call("session.get_is_local_superuser", api.session()).asBoolean()).isTrue();
      assertThat(api.read("session.get_last_active", api.session()))
          .matches("\\d{8}T\\d\\d:\\d\\d:\\d\\dZ");
    }
  }

  @Test
  void sessionsCarryPairsOfTheirOwn() {
    try (Api api = box.login(format)) {
      api.call("session.add_to_other_config", api.session(), text("key"), text("value"));
      assertThat(api.call("session.get_other_config", api.session()).path("key").asString())
          .isEqualTo("value");
    }
  }

  @Test
  void oneSessionDoesNotEndAnother() {
    try (Api one = box.login(format)) {
      box.login(format).close();
      assertThat(one.answer("pool.get_all")).isInstanceOf(Answer.Success.class);
    }
  }

  @Test
  void slaveLoginNeedsThePoolsSecret() {
    assertThat(wire.call("session.slave_local_login", List.of(text("guess"))))
        .isInstanceOf(Answer.Failure.class);
  }

  private Answer login(String name, String password) {
    return wire.call("session.login_with_password", List.of(text(name), text(password)));
  }
}

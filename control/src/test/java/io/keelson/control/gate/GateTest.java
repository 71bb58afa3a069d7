package io.keelson.control.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.AccessRole;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.api.model.Session;
import io.keelson.control.TestControl;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is checked before a message is handled, and in which order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GateTest {
  private final TestControl control;
  private final String session;

  GateTest(@TempDir Path folder) {
    control = new TestControl(folder);
    session = control.session();
  }

  @AfterAll
  void close() {
    control.close();
  }

  private List<String> error(String method, String... arguments) {
    return TestControl.error(control.call(method, arguments));
  }

  @Test
  void unknownMessages() {
    assertThat(error("VM.fly")).containsExactly("MESSAGE_METHOD_UNKNOWN", "VM.fly");
    assertThat(error("VM.fly", "OpaqueRef:dead"))
        .containsExactly("SESSION_INVALID", "OpaqueRef:dead");
    assertThat(error("VM.fly", session)).containsExactly("MESSAGE_METHOD_UNKNOWN", "VM.fly");
    assertThat(error("vm.get_all", session))
        .containsExactly("MESSAGE_METHOD_UNKNOWN", "vm.get_all");
    assertThat(error("VM.set_power_state", session, "x", "y")).startsWith("MESSAGE_METHOD_UNKNOWN");
  }

  @Test
  void underscoreForDot() {
    control.vm("a");
    assertThat(control.answer("VM_get_all", session))
        .isEqualTo(control.answer("VM.get_all", session));
    assertThat(error("Async.VM_start", session)).startsWith("MESSAGE_METHOD_UNKNOWN");
  }

  @Test
  void asynchronousFormsOfWhatHasNone() {
    assertThat(error("Async.VM.get_all", session))
        .containsExactly("Fault", "No async mode for this operation (rpc: Async.VM.get_all)");
    assertThat(error("Async.task.create", session, "a", "b")).startsWith("Fault");
  }

  @Test
  void numbersOfParameters() {
    assertThat(error("VM.get_record", session))
        .containsExactly("MESSAGE_PARAMETER_COUNT_MISMATCH", "VM.get_record", "1", "0");
    assertThat(error("VM.get_all", session, "x"))
        .containsExactly("MESSAGE_PARAMETER_COUNT_MISMATCH", "VM.get_all", "0", "1");
    assertThat(error("session.login_with_password", "root"))
        .containsExactly(
            "MESSAGE_PARAMETER_COUNT_MISMATCH", "session.login_with_password", "2", "1");
  }

  @Test
  void parametersBeforeSession() {
    var outcome =
        control.callWith(
            "VM.get_record", List.of(new Value.Text("OpaqueRef:dead"), new Value.Whole(3)));
    assertThat(TestControl.error(outcome)).containsExactly("FIELD_TYPE_ERROR", "self");
    assertThat(
            TestControl.error(
                control.callWith("VM.get_all", List.of(new Value.Sequence(List.of())))))
        .containsExactly("FIELD_TYPE_ERROR", "session_id");
  }

  @Test
  void uncleanText() {
    assertThat(error("VM.get_by_name_label", session, "a\uD800b"))
        .containsExactly("INVALID_VALUE", "Invalid UTF-8 string in parameter", "label");
    assertThat(error("VM.get_by_name_label", session, "a\u0001")).startsWith("INVALID_VALUE");
    assertThat(control.answer("VM.get_by_name_label", session, "\uD83D\uDE00 \t\n"))
        .isEqualTo(List.of());
  }

  @Test
  void deadSessions() {
    assertThat(error("VM.get_all", "OpaqueRef:dead"))
        .containsExactly("SESSION_INVALID", "OpaqueRef:dead");
    assertThat(error("VM.get_all", "")).containsExactly("SESSION_INVALID", "");
    assertThat(error("VM.get_all", "OpaqueRef:NULL"))
        .containsExactly("SESSION_INVALID", "OpaqueRef:NULL");
  }

  @Test
  void sessionBeforeRole() {
    String reader = control.session(AccessRole.READ_ONLY);
    assertThat(error("VM.set_name_label", reader, control.vm("a").text(), "b"))
        .containsExactly(
            "RBAC_PERMISSION_DENIED",
            "vm.set_name_label",
            "No permission in user session. (Roles with this permission: "
                + "vm-admin, vm-power-admin, pool-operator, pool-admin)");
    assertThat(error("session.change_password", reader, "a", "b"))
        .contains(
            "session.change_password",
            "No permission in user session. (Roles with this permission: )");
  }

  @Test
  void whatNothingHandles() {
    assertThat(error("host.reset_cpu_features", session, "x")).containsExactly("MESSAGE_REMOVED");
  }

  @Test
  void isAliveSaysWhatItWasTold() {
    assertThat(control.answer("system.isAlive:x", "hello")).isEqualTo("hello");
  }

  @Test
  void filesAndConsolesGoThroughTheSameGate() {
    Caller caller = new Caller("test");
    Ref<Session> inside;
    try (Admission admission =
        control.gate.authorise(
            new Credentials.NameAndPassword("root", TestControl.PASSWORD),
            HttpAction.GET_EXPORT,
            caller)) {
      inside = admission.session();
      assertThat(control.control.sessions().isLive(inside)).isTrue();
    }
    assertThat(control.control.sessions().isLive(inside)).isFalse();
    String reader = control.session(AccessRole.READ_ONLY);
    assertThatThrownBy(() ->
            control.gate.authorise(
                new Credentials.SessionReference(reader), HttpAction.GET_EXPORT, caller))
        .hasMessageContaining("RBAC_PERMISSION_DENIED")
        .hasMessageContaining("http/get_export");
  }
}

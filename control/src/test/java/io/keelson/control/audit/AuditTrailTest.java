package io.keelson.control.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.AccessRole;
import io.keelson.api.MessageSpec;
import io.keelson.api.Param;
import io.keelson.api.Ref;
import io.keelson.api.Value;
import io.keelson.control.TestControl;
import io.keelson.control.gate.AnyArguments;
import io.keelson.control.gate.Caller;
import io.keelson.control.gate.Credentials;
import io.keelson.control.gate.HttpAction;
import io.keelson.control.gate.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What of the calls that go through the gate is recorded, and what is not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditTrailTest {
  private static final String CANARY = "canary-that-is-a-password";

  private final TestControl control;
  private final Path folder;

  AuditTrailTest(@TempDir Path folder) {
    this.folder = folder;
    this.control = new TestControl(folder);
  }

  @AfterAll
  void close() {
    control.close();
  }

  private List<String> linesOf(Runnable work) throws IOException {
    int before = lines().size();
    work.run();
    List<String> after = lines();
    return after.subList(before, after.size());
  }

  private List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    control.control.audit().read(Instant.EPOCH, lines::add);
    return lines;
  }

  @Test
  void aCallThatChangesSomething() throws IOException {
    String vm = control.vm("it's").text();
    String session = control.session(AccessRole.VM_ADMIN);
    assertThat(linesOf(() -> control.answer("VM.set_name_label", session, vm, "new")))
        .singleElement()
        .asString()
        .contains("'sid-vm-admin' 'vm-admin' 'ALLOWED' 'OK' 'API' 'VM.set_name_label'")
        .contains("(('self' 'it\\'s' '")
        .contains("('value' 'new' '' '')")
        .contains(vm)
        .contains("trackid=" + AuditText.trail(session))
        .doesNotContain(session);
  }

  @Test
  void whatOnlyTellsIsNotRecorded() throws IOException {
    String session = control.session();
    assertThat(
            linesOf(() -> {
              control.answer("VM.get_all_records", session);
              control.answer("pool.get_all", session);
              control.call("VM.get_name_label", session, "OpaqueRef:nothing");
              control.answer("host.list_methods", session);
              control.call("VM.set_name_label", "OpaqueRef:dead", "x", "y");
            }))
        .isEmpty();
  }

  @Test
  void whatFailsAndWhatIsForbidden() throws IOException {
    String reader = control.session(AccessRole.READ_ONLY);
    String vm = control.vm("a").text();
    assertThat(linesOf(() -> control.call("VM.set_name_label", reader, vm, "b")))
        .singleElement()
        .asString()
        .contains("'DENIED' 'ERROR:RBAC_PERMISSION_DENIED' 'API' 'VM.set_name_label'");
    assertThat(
            linesOf(
                () -> control.call("VM.set_name_label", control.session(), "OpaqueRef:no", "b")))
        .singleElement()
        .asString()
        .contains("'LOCAL_SUPERUSER root' 'ALLOWED' 'ERROR:HANDLE_INVALID'");
    // A key is looked at only when the record is at hand.
    String admin = control.session(AccessRole.VM_ADMIN);
    assertThat(
            linesOf(() ->
                control.callWith(
                    "VM.set_other_config",
                    List.of(
                        new Value.Text(admin),
                        new Value.Text(vm),
                        new Value.Structure(Map.of("pci", new Value.Text("0/1")))))))
        .singleElement()
        .asString()
        .contains("'DENIED' 'ERROR:RBAC_PERMISSION_DENIED'")
        .contains("{pci: ...}");
  }

  @Test
  void callsThatWorkOnHostsBeginAndEnd() throws IOException {
    String vm = control.vm("a").text();
    assertThat(linesOf(() -> control.call("VM.start", control.session(), vm))).isEmpty();
    List<String> lines =
        linesOf(() ->
            control.callWith(
                "VM.start",
                List.of(
                    new Value.Text(control.session()),
                    new Value.Text(vm),
                    new Value.Flag(false),
                    new Value.Flag(false))));
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).contains("'BEGUN' 'API' 'VM.start'");
    assertThat(lines.getLast()).doesNotContain("BEGUN").contains("'VM.start'");
  }

  @Test
  void logIns() throws IOException {
    assertThat(
            linesOf(
                () -> control.call("session.login_with_password", "root", TestControl.PASSWORD)))
        .singleElement()
        .asString()
        .contains("'OK' 'API' 'session.login_with_password' (('uname' 'root' '' '')")
        .contains("('pwd' '...' '' '')");
    assertThat(linesOf(() -> control.call("session.login_with_password", "mallory", CANARY)))
        .singleElement()
        .asString()
        .contains("'ERROR:SESSION_AUTHENTICATION_FAILED'")
        .contains("mallory");
  }

  @Test
  void transfers() throws IOException {
    Credentials by = new Credentials.SessionReference(control.session());
    assertThat(
            linesOf(() ->
                control.gate.authorise(by, HttpAction.PUT_IMPORT, new Caller("test")).close()))
        .singleElement()
        .asString()
        .contains("'HTTP' 'http/put_import'");
    assertThat(
            linesOf(() ->
                control.gate.authorise(by, HttpAction.GET_VM_RRD, new Caller("test")).close()))
        .isEmpty();
  }

  /** Each message, with the same password in every text it takes, also within maps and records. */
  @Test
  void noPasswordOfAnyMessage() throws IOException {
    String session = control.session();
    for (Route route : control.control.routes().all()) {
      MessageSpec spec = route.spec();
      if (spec.status() == MessageSpec.Status.REMOVED) {
        continue;
      }
      List<Value> arguments = new ArrayList<>();
      if (spec.session()) {
        session = control.control.sessions().isLive(Ref.of(session)) ? session : control.session();
        arguments.add(new Value.Text(session));
      }
      for (Param<?> parameter : spec.parameters()) {
        boolean name =
            AuditArguments.NAMES.contains(parameter.name())
                || AuditArguments.SETTERS_OF_NAMES.contains(spec.name());
        arguments.add(AnyArguments.of(parameter, name ? "name" : CANARY));
      }
      var _ = control.callWith(spec.wireName(), arguments);
    }
    List<String> lines = lines();
    assertThat(lines).hasSizeGreaterThan(300);
    assertThat(lines.stream().filter(line -> line.contains(CANARY)).toList()).isEmpty();
    assertThat(AuditCheck.of(folder.resolve("audit"), Optional.empty()).faults()).isEmpty();
  }
}

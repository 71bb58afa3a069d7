package io.keelson.testkit.conformance;

import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.strings;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.model.VmOperations;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Every operation on a VM in every state, as vm-operations.txt says. */
@RunsOn(hosts = 1)
class VmOperationTableTest {
  private final Api api;
  private final Vms vms;

  VmOperationTableTest(ServerBox box) {
    this.api = box.login(Format.JSON_RPC);
    this.vms = new Vms(api);
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  /** A line of the table. */
  private record Row(String operation, String states, List<Character> answers, boolean shown) {
    static Row of(String line) {
      String[] parts = line.split("\\|", -1);
      List<Character> answers =
          (parts[2] + parts[3]).chars().filter(c -> c != ' ').mapToObj(c -> (char) c).toList();
      return new Row(parts[0].strip(), parts[1].strip(), answers, parts[4].strip().equals("shown"));
    }
  }

  /** A column of the table: a VM and the state it is in. */
  private record Subject(String name, JsonNode vm, String state) {}

  @Test
  void everyOperationIsPermittedWhereTheTableSaysSo() throws IOException {
    List<Row> rows = rows();
    assertThat(rows.stream().map(Row::operation))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(VmOperations.values()).map(VmOperations::text).toList());
    List<Subject> subjects = subjects();
    SoftAssertions soft = new SoftAssertions();
    for (int column = 0; column < subjects.size(); column++) {
      Subject subject = subjects.get(column);
      for (Row row : rows) {
        check(soft, row, row.answers().get(column), subject);
      }
      checkShown(soft, rows, column, subject);
    }
    soft.assertAll();
  }

  @Test
  void whatNeedsAPartnerThatIsNotThereSaysSo() {
    JsonNode vm = vms.halted();
    assertThat(api.refusal("VM.retrieve_wlb_recommendations", vm))
        .containsExactly("WLB_NOT_INITIALIZED");
    assertThat(api.refusal("VM.query_services", vm))
        .containsExactly("NOT_SYSTEM_DOMAIN", vm.asString());
    JsonNode none = map(Map.of());
    assertThat(
            api.refusal(
                "VM.import_convert", text("VMware"), text("u"), text("p"), vms.defaultSr(), none))
        .containsExactly("XENAPI_MISSING_PLUGIN", "conversion");
  }

  private void check(SoftAssertions soft, Row row, char answer, Subject subject) {
    String ref = subject.vm().asString();
    String what = row.operation() + " of " + subject.name();
    if (answer == '+') {
      soft.assertThatCode(
              () -> api.call("VM.assert_operation_valid", subject.vm(), text(row.operation())))
          .as(what)
          .doesNotThrowAnyException();
      return;
    }
    List<String> refusal =
        api.refusal("VM.assert_operation_valid", subject.vm(), text(row.operation()));
    switch (answer) {
      case 'P' ->
          soft.assertThat(refusal)
              .as(what)
              .containsExactly("VM_BAD_POWER_STATE", ref, row.states(), subject.state());
      case 'T' ->
          soft.assertThat(refusal).as(what).containsExactly("VM_IS_TEMPLATE", ref, row.operation());
      case 'S' ->
          soft.assertThat(refusal).as(what).containsExactly("VM_IS_SNAPSHOT", ref, row.operation());
      case 'D' ->
          soft.assertThat(refusal)
              .as(what)
              .containsExactly("VM_CANNOT_DELETE_DEFAULT_TEMPLATE", ref);
      case 'O' -> soft.assertThat(refusal).as(what).containsExactly("ONLY_PROVISION_TEMPLATE");
      case 'V' -> soft.assertThat(refusal).as(what).containsExactly("ONLY_REVERT_SNAPSHOT");
      case 'Y' -> soft.assertThat(refusal).as(what).containsExactly("NOT_SYSTEM_DOMAIN", ref);
      case '0' ->
          soft.assertThat(refusal)
              .as(what)
              .containsExactly("OPERATION_NOT_ALLOWED", "Operations on domain 0 are not allowed");
      default -> throw new IllegalArgumentException("no answer is written " + answer);
    }
  }

  private void checkShown(SoftAssertions soft, List<Row> rows, int column, Subject subject) {
    Set<String> expected =
        rows.stream()
            .filter(row -> row.shown() && row.answers().get(column) == '+')
            .map(Row::operation)
            .collect(Collectors.toSet());
    soft.assertThat(strings(api.call("VM.get_allowed_operations", subject.vm())))
        .as("allowed operations of " + subject.name())
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private List<Subject> subjects() {
    JsonNode paused = vms.running();
    api.call("VM.pause", paused);
    JsonNode suspended = vms.running();
    api.call("VM.suspend", suspended);
    JsonNode running = vms.running();
    await().until(() -> agentIsHeardOf(running));
    JsonNode halted = vms.halted();
    JsonNode template = vms.halted();
    JsonNode snapshot = vms.kept(api.call("VM.snapshot", vms.halted(), text("snapshot")));
    api.call("VM.set_is_a_template", template, YES);
    String domains = "field \"is_control_domain\" = \"true\"";
    JsonNode control =
        text(api.call("VM.get_all_records_where", text(domains)).propertyNames().iterator().next());
    return List.of(
        new Subject("a halted VM", halted, "halted"),
        new Subject("a paused VM", paused, "paused"),
        new Subject("a running VM", running, "running"),
        new Subject("a suspended VM", suspended, "suspended"),
        new Subject("a template", template, "halted"),
        new Subject("a snapshot", snapshot, "halted"),
        new Subject("a default template", vms.template("Other install media"), "halted"),
        new Subject("the control domain", control, "running"));
  }

  /** What its agent can do decides what may be done to a running VM. */
  private boolean agentIsHeardOf(JsonNode vm) {
    return strings(api.call("VM.get_allowed_operations", vm)).contains("snapshot_with_quiesce");
  }

  private static List<Row> rows() throws IOException {
    try (BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    Objects.requireNonNull(
                        VmOperationTableTest.class.getResourceAsStream("vm-operations.txt")),
                    StandardCharsets.UTF_8));
        Stream<String> lines = reader.lines()) {
      return lines.filter(l -> !l.isBlank() && !l.startsWith("#")).map(Row::of).toList();
    }
  }
}

package io.keelson.testkit.conformance;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.strings;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Cases 24 to 28: calls that answer with a task. */
@RunsOn(hosts = 1)
@ParameterizedClass
@EnumSource(Format.class)
class TaskConformanceTest {
  private final Api api;
  private final Vms vms;

  TaskConformanceTest(Format format, ServerBox box) {
    this.api = box.login(format);
    this.vms = new Vms(api);
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  @Test
  void whatHasNoAsynchronousFormSaysSo() {
    for (String method :
        List.of("Async.VM.get_all", "Async.session.logout", "Async.task.get_status")) {
      List<String> refusal = api.refusal(method, text("x"));
      assertThat(refusal).hasSize(2).startsWith("Fault");
      assertThat(refusal.get(1)).contains("No async mode for this operation");
    }
  }

  @Test
  void finishedTaskHasItsResult() {
    JsonNode task = api.finish("Async.VM.clone", vms.halted(), text("copy"));

    assertThat(task.get("status").asString()).isEqualTo("success");
    assertThat(task.get("progress").asDouble()).isEqualTo(1.0);
    assertThat(task.get("result").asString()).matches("<value>OpaqueRef:[^<]+</value>");
    assertThat(task.get("name_label").asString()).isEqualTo("Async.VM.clone");
    assertThat(task.get("finished").asString())
        .isGreaterThanOrEqualTo(task.get("created").asString());
    assertThat(task.get("error_info")).isEmpty();
    assertThat(task.get("type").asString()).isEqualTo("<none/>");
    String copy = task.get("result").asString().replaceAll("<[^>]*>", "");
    vms.kept(text(copy));
    assertThat(api.read("VM.get_name_label", text(copy))).isEqualTo("copy");
  }

  @Test
  void callThatAnswersNothingLeavesAnEmptyValue() {
    JsonNode task = api.finish("Async.VM.start", vms.halted(), NO, NO);
    assertThat(task.get("status").asString()).isEqualTo("success");
    assertThat(task.get("result").asString()).isIn("", "<value></value>");
  }

  @Test
  void failedTaskHasItsError() {
    JsonNode vm = vms.halted();

    JsonNode task = api.finish("Async.VM.unpause", vm);

    assertThat(task.get("status").asString()).isEqualTo("failure");
    assertThat(strings(task.get("error_info")))
        .containsExactly("VM_BAD_POWER_STATE", vm.asString(), "paused", "halted");
    assertThat(task.get("result").asString()).isEmpty();
  }

  @Test
  void wrongParametersOfAnAsynchronousCallAreToldAtOnce() {
    assertThat(api.refusal("Async.VM.start", vms.halted()))
        .startsWith("MESSAGE_PARAMETER_COUNT_MISMATCH", "Async.VM.start");
  }

  @Test
  void cancelledTaskSaysThatItWas() {
    JsonNode task = api.call("task.create", text("mine"), text("to be cancelled"));

    List<String> refusal = api.refusal("task.cancel", task);

    // Nothing works on a task that a client made, so that there is nothing to cancel.
    assertThat(refusal.getFirst()).isEqualTo("OPERATION_NOT_ALLOWED");
    assertThat(api.read("task.get_status", task)).isEqualTo("pending");
  }

  @Test
  void destroyedTaskIsGone() {
    JsonNode task = api.call("Async.VM.start", vms.halted(), NO, NO);
    await().until(() -> !api.read("task.get_status", task).equals("pending"));

    api.call("task.destroy", task);

    assertThat(api.refusal("task.get_record", task))
        .containsExactly("HANDLE_INVALID", "task", task.asString());
  }

  @Test
  void tasksOfClientsAreTheirs() {
    JsonNode task = api.call("task.create", text("label"), text("description"));
    JsonNode record = api.call("task.get_record", task);

    assertThat(record.get("name_label").asString()).isEqualTo("label");
    assertThat(record.get("name_description").asString()).isEqualTo("description");
    assertThat(record.get("status").asString()).isEqualTo("pending");
    assertThat(strings(api.call("task.get_all"))).contains(task.asString());
    api.call("task.destroy", task);
    assertThat(strings(api.call("task.get_all"))).doesNotContain(task.asString());
  }
}

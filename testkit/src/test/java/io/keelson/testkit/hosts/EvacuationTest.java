package io.keelson.testkit.hosts;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.strings;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Answer;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Hosts that all VMs are to leave. */
@RunsOn(hosts = 3)
class EvacuationTest {
  /** More than half of what a simulated host has for VMs. */
  private static final long BIG = 40 << 10;

  private final Api api;
  private final Vms vms;
  private final List<JsonNode> hosts = new ArrayList<>();

  EvacuationTest(ServerBox box) {
    this.api = box.login(Format.JSON_RPC);
    this.vms = new Vms(api);
    api.call("host.get_all").forEach(hosts::add);
  }

  @AfterEach
  void tidy() {
    hosts.forEach(host -> api.call("host.enable", host));
    vms.close();
    api.close();
  }

  private JsonNode runningOn(JsonNode host, long mib) {
    JsonNode vm = vms.created(Vms.vmRecord("vm", mib));
    api.call("VM.start_on", vm, host, NO, NO);
    return vm;
  }

  private JsonNode host(JsonNode vm) {
    return api.call("VM.get_resident_on", vm);
  }

  @Test
  void allVmsLeaveForWhereThereIsRoom() {
    JsonNode left = hosts.get(0);
    JsonNode first = runningOn(left, BIG);
    JsonNode second = runningOn(hosts.get(1), BIG);
    JsonNode small = runningOn(left, 64);
    api.call("host.disable", left);
    api.call("host.assert_can_evacuate", left);
    assertThat(api.call("host.get_vms_which_prevent_evacuation", left)).isEmpty();
    JsonNode advice = api.call("host.retrieve_wlb_evacuate_recommendations", left);
    assertThat(strings(advice.get(first.asString())))
        .startsWith("WLB", api.read("host.get_uuid", hosts.get(2)));
    JsonNode task = api.finish("Async.host.evacuate", left);
    assertThat(task.get("status").asString()).isEqualTo("success");
    assertThat(task.get("progress").asDouble()).isEqualTo(1);
    assertThat(host(first)).as("the only host with room").isEqualTo(hosts.get(2));
    assertThat(host(small)).isNotEqualTo(left);
    assertThat(host(second)).isEqualTo(hosts.get(1));
    assertThat(api.call("host.get_current_operations", left)).isEmpty();
    api.call("host.evacuate", left);
  }

  @Test
  void anEvacuationIsCancelledAndEachVmIsSomewhere() {
    JsonNode left = hosts.get(0);
    List<JsonNode> moved = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      moved.add(runningOn(left, 32));
    }
    JsonNode task = api.call("Async.host.evacuate", left);
    switch (api.answer("task.cancel", task)) {
      case Answer.Success _ -> {}
      case Answer.Failure(List<String> why) ->
          assertThat(why).contains("The task has ended already");
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !api.read("task.get_status", task).matches("pending|cancelling"));
    assertThat(api.read("task.get_status", task)).isIn("success", "cancelled");
    for (JsonNode vm : moved) {
      assertThat(api.read("VM.get_power_state", vm)).isEqualTo("Running");
      assertThat(hosts).contains(host(vm));
    }
    assertThat(api.call("host.get_current_operations", left)).isEmpty();
  }

  @Test
  void whatKeepsAVmOnItsHostIsSaidAndNothingMoves() {
    JsonNode left = hosts.get(0);
    JsonNode blocked = runningOn(left, 32);
    JsonNode big = runningOn(left, BIG);
    runningOn(hosts.get(1), BIG);
    runningOn(hosts.get(2), BIG);
    api.call("VM.add_to_blocked_operations", blocked, text("pool_migrate"), text("why"));
    JsonNode why = api.call("host.get_vms_which_prevent_evacuation", left);
    assertThat(why.size()).isEqualTo(2);
    assertThat(strings(why.get(blocked.asString())))
        .containsExactly("OPERATION_BLOCKED", blocked.asString(), "why");
    assertThat(strings(why.get(big.asString()))).startsWith("HOST_NOT_ENOUGH_FREE_MEMORY");
    List<String> refusal = api.refusal("host.assert_can_evacuate", left);
    assertThat(refusal).hasSize(2).startsWith("CANNOT_EVACUATE_HOST");
    assertThat(refusal.get(1).split("\\|"))
        .hasSize(2)
        .contains("OPERATION_BLOCKED," + blocked.asString() + ",why");
    assertThat(api.refusal("host.evacuate", left)).startsWith("HOST_NOT_ENOUGH_FREE_MEMORY");
    assertThat(host(blocked)).isEqualTo(left);
    api.call("VM.remove_from_blocked_operations", blocked, text("pool_migrate"));
  }

  @Test
  void withoutAnotherHostNobodyLeaves() {
    JsonNode vm = runningOn(hosts.get(0), 32);
    api.call("host.disable", hosts.get(1));
    api.call("host.disable", hosts.get(2));
    assertThat(api.refusal("host.evacuate", hosts.get(0)))
        .containsExactly("HOST_DISABLED", hosts.get(1).asString());
    assertThat(host(vm)).isEqualTo(hosts.get(0));
    assertThat(api.refusal("host.evacuate", text("OpaqueRef:none")))
        .startsWith("HANDLE_INVALID", "host");
  }
}

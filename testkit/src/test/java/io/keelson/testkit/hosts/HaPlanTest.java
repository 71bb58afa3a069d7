package io.keelson.testkit.hosts;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.number;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What would become of VMs if hosts failed, asked of a pool of three. */
class HaPlanTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int HOSTS = 3;

  @TempDir private Path folder;

  @Test
  void plansCountWhatFitsOnTheHostsThatAreLeft() {
    try (ServerBox box = ServerBox.simulated(folder, HOSTS).start();
        Api api = box.login(Format.JSON_RPC);
        Vms vms = new Vms(api)) {
      JsonNode pool = api.call("pool.get_all").get(0);
      JsonNode hosts = api.call("host.get_all");
      assertThat(most(api)).as("there is nothing to restart").isEqualTo(HOSTS);

      // Six tenths of a host each: no two share one.
      long free = Long.parseLong(api.read("host.compute_free_memory", hosts.get(0)));
      ObjectNode big = Vms.vmRecord("big", (free * 6 / 10) >> 20);
      JsonNode first = vms.created(big);
      api.call("VM.set_ha_restart_priority", first, text("restart"));
      assertThat(most(api)).as("it does not run").isEqualTo(HOSTS);
      api.call("VM.start_on", first, hosts.get(0), NO, NO);
      assertThat(most(api)).isEqualTo(2);
      assertThat(exists(api, 2)).isTrue();
      assertThat(exists(api, HOSTS)).isFalse();

      JsonNode second = vms.created(big);
      api.call("VM.start_on", second, hosts.get(1), NO, NO);
      assertThat(most(api)).as("it takes room and is not protected").isEqualTo(1);
      assertThat(
              api.call(
                      "pool.ha_compute_hypothetical_max_host_failures_to_tolerate",
                      JSON.valueToTree(
                          Map.of(first.asString(), "best-effort", second.asString(), "")))
                  .asInt())
          .isEqualTo(HOSTS);
      api.call("VM.set_ha_restart_priority", second, text("restart"));
      assertThat(most(api)).as("both on the third host").isEqualTo(1);

      JsonNode one = plan(api, List.of(hosts.get(0)), List.of(first));
      assertThat(one.get(first.asString()).get("host")).isEqualTo(hosts.get(2));
      JsonNode both = plan(api, List.of(hosts.get(0), hosts.get(1)), List.of(first, second));
      Set<String> found = new HashSet<>();
      both.forEach(verdict -> found.addAll(verdict.propertyNames()));
      assertThat(found).containsExactlyInAnyOrder("host", "error_code");

      assertThat(api.refusal("pool.set_ha_host_failures_to_tolerate", pool, number(2)))
          .containsExactly("HA_NO_PLAN");
      assertThat(api.refusal("pool.set_ha_host_failures_to_tolerate", pool, number(-1)))
          .startsWith("INVALID_VALUE");
      api.call("pool.set_ha_host_failures_to_tolerate", pool, number(1));
      assertThat(api.read("pool.get_ha_host_failures_to_tolerate", pool)).isEqualTo("1");
      api.call("host.disable", hosts.get(2));
      assertThat(most(api)).as("nothing may go to the third host").isZero();
      assertThat(api.refusal("pool.ha_failover_plan_exists", number(-1)))
          .startsWith("INVALID_VALUE");
      assertThat(api.refusal("pool.ha_prevent_restarts_for", number(60)))
          .containsExactly("HA_NOT_ENABLED");
      assertThat(
              api.refusal(
                  "pool.ha_compute_vm_failover_plan",
                  JSON.valueToTree(List.of(NULL)),
                  JSON.valueToTree(List.of())))
          .startsWith("HANDLE_INVALID");
    }
  }

  private static JsonNode plan(Api api, List<JsonNode> hosts, List<JsonNode> vms) {
    return api.call(
        "pool.ha_compute_vm_failover_plan", JSON.valueToTree(hosts), JSON.valueToTree(vms));
  }

  private static int most(Api api) {
    return api.call("pool.ha_compute_max_host_failures_to_tolerate").asInt();
  }

  private static boolean exists(Api api, int failures) {
    return api.call("pool.ha_failover_plan_exists", number(failures)).asBoolean();
  }
}

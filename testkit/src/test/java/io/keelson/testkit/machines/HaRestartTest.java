package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.Domains;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real guest that HA keeps running, whatever ends it: its own crash, or the machine's. */
@EnabledIf(value = "io.keelson.testkit.machines.Guests#possible", disabledReason = "no QEMU here")
class HaRestartTest {
  private static final JsonNode NONE = map(Map.of());
  private static final Duration LONG = Duration.ofSeconds(90);

  @TempDir private Path folder;

  @Test
  void aProtectedVmRunsAgainAfterItsDeathAndItsServersDeath() throws Exception {
    try (ServerBox box = ServerBox.real(folder).start()) {
      JsonNode vm;
      JsonNode other;
      try (Api api = box.login(Format.JSON_RPC);
          Guests guests = new Guests(box, api)) {
        Vms vms = new Vms(api);
        vm = guests.bootSector(vms, folder);
        other = guests.bootSector(vms, folder);
        api.call("VM.set_ha_restart_priority", vm, text("restart"));
        for (JsonNode each : new JsonNode[] {vm, other}) {
          api.call("VM.set_actions_after_crash", each, text("destroy"));
          api.call("VM.start", each, NO, NO);
        }
        api.call("pool.enable_ha", new JsonMapper().createArrayNode(), NONE);
        killed(box, api, other);
        killed(box, api, vm);
        runs(api, vm);
      }
      for (int round = 0; round < 2; round++) {
        box.kill();
        Domains.under(box.data()).forEach(Domains::kill);
        box.start();
        try (Api api = box.login(Format.JSON_RPC)) {
          runs(api, vm);
          assertThat(api.read("VM.get_power_state", other)).isEqualTo("Halted");
        }
      }
      try (Api api = box.login(Format.JSON_RPC)) {
        api.call("VM.hard_shutdown", vm);
        api.call("pool.disable_ha");
        assertThat(api.read("VM.get_power_state", vm)).isEqualTo("Halted");
      }
    }
  }

  private static void killed(ServerBox box, Api api, JsonNode vm) {
    int before = api.call("VM.get_domid", vm).asInt();
    Domains.of(box.data(), api.read("VM.get_uuid", vm)).forEach(Domains::kill);
    await().atMost(LONG).until(() -> api.call("VM.get_domid", vm).asInt() != before);
  }

  private static void runs(Api api, JsonNode vm) {
    await().atMost(LONG).until(() -> api.read("VM.get_power_state", vm).equals("Running"));
  }
}

package io.keelson.testkit.hosts;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.record;
import static io.keelson.testkit.wire.Values.strings;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Hosts, and their server, that go off and come back. */
@RunsOn(hosts = 2, shared = false)
class HostPowerTest {
  private static final JsonNode NONE = map(Map.of());
  private static final Duration SOON = Duration.ofSeconds(30);

  private final ServerBox box;
  private final Api api;
  private final Vms vms;
  private final JsonNode host;

  HostPowerTest(ServerBox box) {
    this.box = box;
    this.api = box.login(Format.JSON_RPC);
    this.vms = new Vms(api);
    JsonNode master = api.call("pool.get_master", api.call("pool.get_all").get(0));
    JsonNode hosts = api.call("host.get_all");
    this.host = hosts.get(0).equals(master) ? hosts.get(1) : hosts.get(0);
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  private boolean live() {
    JsonNode metrics = api.call("host.get_metrics", host);
    return api.call("host_metrics.get_live", metrics).asBoolean();
  }

  private boolean enabled() {
    return api.call("host.get_enabled", host).asBoolean();
  }

  @Test
  void aHostGoesOffIsTurnedOnAndTakesVmsAgain() {
    assertThat(api.refusal("host.shutdown", host)).containsExactly("HOST_NOT_DISABLED");
    JsonNode vm = vms.halted();
    api.call("VM.start_on", vm, host, NO, NO);
    api.call("host.disable", host);
    assertThat(strings(api.call("host.get_allowed_operations", host)))
        .containsExactlyInAnyOrder("evacuate", "reboot", "shutdown");
    assertThat(api.refusal("host.reboot", host))
        .containsExactly("HOST_IN_USE", host.asString(), "vm", vm.asString());
    api.call("VM.hard_shutdown", vm);
    assertThat(api.refusal("host.power_on", host))
        .containsExactly("HOST_POWER_ON_NOT_CONFIGURED", host.asString());
    api.call("host.set_power_on_mode", host, text("wake-on-lan"), NONE);
    api.call("host.shutdown", host);
    await().atMost(SOON).until(() -> !live());
    api.call("host.enable", host);
    assertThat(api.refusal("VM.start_on", vm, host, NO, NO)).containsExactly("HOST_NOT_LIVE");
    api.call("host.disable", host);
    api.call("host.power_on", host);
    await().atMost(SOON).until(() -> live() && enabled());
    api.call("host.set_power_on_mode", host, text(""), NONE);
    api.call("host.disable", host);
    api.call("host.reboot", host);
    await().atMost(SOON).until(this::enabled);
    assertThat(live()).isTrue();
  }

  @Test
  void waysToTurnAHostOnAreCheckedAndTheirPasswordsGoWithThem() {
    ObjectNode secret = record().put("value", "pw");
    secret.set("other_config", NONE);
    String uuid = api.read("secret.get_uuid", api.call("secret.create", secret));
    JsonNode config =
        map(
            Map.of(
                "power_on_ip",
                "192.0.2.1",
                "power_on_user",
                "admin",
                "power_on_password_secret",
                uuid));
    assertThat(api.refusal("host.set_power_on_mode", host, text("iLO"), NONE))
        .containsExactly("HOST_POWER_ON_NOT_CONFIGURED", host.asString());
    assertThat(
            api.refusal(
                "host.set_power_on_mode",
                host,
                text("wake-on-lan"),
                map(Map.of("power_on_port", "-1"))))
        .containsExactly("HOST_POWER_ON_NOT_CONFIGURED", host.asString());
    assertThat(api.read("host.get_power_on_mode", host)).isEmpty();
    api.call("host.set_power_on_mode", host, text("DRAC"), config);
    assertThat(api.call("host.get_power_on_config", host)).isEqualTo(config);
    api.call("host.set_power_on_mode", host, text("my-board"), config);
    assertThat(api.refusal("host.power_on", host))
        .containsExactly("XENAPI_MISSING_PLUGIN", "my-board");
    api.call("host.set_power_on_mode", host, text(""), NONE);
    assertThat(api.refusal("secret.get_by_uuid", text(uuid))).startsWith("UUID_INVALID");
  }

  @Test
  void theServerStartsAnewInTheSameProcessAndSessionsGoOn() {
    long pid = box.pid();
    JsonNode before = api.call("host.get_other_config", host).get("agent_start_time");
    JsonNode vm = vms.halted();
    api.call("host.restart_agent", host);
    assertThat(api.read("VM.get_power_state", vm)).as("for ten seconds more").isEqualTo("Halted");
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(
            () -> !api.call("host.get_other_config", host).get("agent_start_time").equals(before));
    assertThat(box.pid()).isEqualTo(pid);
    assertThat(box.isAlive()).isTrue();
    assertThat(api.read("VM.get_power_state", vm)).isEqualTo("Halted");
  }
}

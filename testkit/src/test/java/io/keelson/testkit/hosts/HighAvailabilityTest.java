package io.keelson.testkit.hosts;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.number;
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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** HA of a pool of three simulated hosts, as clients turn it on and live with it. */
@RunsOn(hosts = 3, shared = false)
class HighAvailabilityTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final JsonNode NONE = map(Map.of());
  private static final String BROKEN = "HA_OPERATION_WOULD_BREAK_FAILOVER_PLAN";
  private static final Duration SOON = Duration.ofSeconds(30);

  private final Api api;
  private final Vms vms;
  private final JsonNode pool;

  HighAvailabilityTest(ServerBox box) {
    this.api = box.login(Format.JSON_RPC);
    this.vms = new Vms(api);
    this.pool = api.call("pool.get_all").get(0);
  }

  @AfterEach
  void tidy() {
    api.answer("pool.disable_ha");
    api.call("pool.set_ha_host_failures_to_tolerate", pool, number(0));
    vms.close();
    api.close();
  }

  private static JsonNode set(JsonNode... values) {
    return JSON.valueToTree(List.of(values));
  }

  /** A repository that every host reaches. */
  private JsonNode everywhere() {
    for (JsonNode sr : api.call("SR.get_all")) {
      if (api.answer("SR.assert_can_host_ha_statefile", sr) instanceof Answer.Success) {
        return sr;
      }
    }
    JsonNode hosts = api.call("host.get_all");
    JsonNode sr = repository(hosts.get(0), "/shared", YES);
    api.call("SR.get_PBDs", sr).forEach(pbd -> api.answer("PBD.plug", pbd));
    return sr;
  }

  @Test
  void comesOnWithItsDisksAndGoesOff() {
    JsonNode sr = everywhere();
    assertThat(api.refusal("pool.disable_ha")).containsExactly("HA_NOT_ENABLED");
    assertThat(api.refusal("pool.enable_ha", set(NULL), NONE)).startsWith("HANDLE_INVALID", "SR");
    for (JsonNode other : api.call("SR.get_all")) {
      if (api.read("SR.get_type", other).equals("iso")) {
        assertThat(api.refusal("pool.enable_ha", set(other), NONE).getFirst())
            .isIn("SR_OPERATION_NOT_SUPPORTED", "SR_NO_PBDS");
      }
    }
    assertThat(api.refusal("pool.enable_ha", set(sr), map(Map.of("timeout", "1"))))
        .containsExactly("INVALID_VALUE", "timeout", "1");
    assertThat(api.call("pool.get_current_operations", pool)).isEmpty();

    api.call("pool.enable_ha", set(sr), map(Map.of("timeout", "20")));
    JsonNode record = api.call("pool.get_record", pool);
    assertThat(record.get("ha_enabled").asBoolean()).isTrue();
    assertThat(record.get("ha_configuration")).isEqualTo(map(Map.of("timeout", "20")));
    List<String> statefiles = strings(record.get("ha_statefiles"));
    assertThat(statefiles).hasSize(1);
    JsonNode statefile = text(statefiles.getFirst());
    assertThat(api.read("VDI.get_type", statefile)).isEqualTo("ha_statefile");
    assertThat(api.call("VDI.get_SR", statefile)).isEqualTo(sr);
    for (JsonNode host : api.call("host.get_all_records")) {
      assertThat(strings(host.get("ha_statefiles"))).isEqualTo(statefiles);
      assertThat(host.get("ha_network_peers")).hasSize(3);
    }
    assertThat(api.call("VDI.get_all_records_where", text("field \"type\"=\"redo_log\"")))
        .hasSize(1);
    assertThat(api.refusal("pool.enable_ha", set(sr), NONE)).containsExactly("HA_IS_ENABLED");
    assertThat(api.refusal("VDI.destroy", statefile)).containsExactly("HA_IS_ENABLED");
    JsonNode pbd = api.call("SR.get_PBDs", sr).get(0);
    assertThat(api.refusal("PBD.unplug", pbd)).containsExactly("HA_IS_ENABLED");
    api.call("pool.ha_prevent_restarts_for", number(1));
    assertThat(api.refusal("pool.ha_prevent_restarts_for", number(-1))).startsWith("INVALID_VALUE");

    api.call("pool.disable_ha");
    record = api.call("pool.get_record", pool);
    assertThat(record.get("ha_enabled").asBoolean()).isFalse();
    assertThat(record.get("ha_statefiles")).isEmpty();
    assertThat(api.refusal("VDI.get_uuid", statefile)).startsWith("HANDLE_INVALID");
    assertThat(api.call("VDI.get_all_records_where", text("field \"type\"=\"redo_log\"")))
        .isEmpty();
  }

  /** What the VM needs is then on one host alone, or not on all: nobody could restart it. */
  @Test
  void whatWouldLeaveAVmUnprotectedIsRefused() {
    JsonNode statefiles = everywhere();
    JsonNode hosts = api.call("host.get_all");
    JsonNode second = repository(hosts.get(0), "/second", YES);
    api.call("SR.get_PBDs", second).forEach(pbd -> api.answer("PBD.plug", pbd));
    JsonNode vm = vms.halted();
    ObjectNode disk = Vms.vdiRecord(second);
    vms.drive(vm, api.call("VDI.create", disk), "0");
    JsonNode cd = api.call("VBD.create", Vms.cdRecord(vm, "3"));
    hosts.forEach(this::uplink);
    JsonNode uplink = uplink(hosts.get(1));
    JsonNode network = api.call("PIF.get_network", uplink);
    api.call("VIF.create", Vms.vifRecord(vm, network, "0", ""));
    api.call("VM.set_ha_restart_priority", vm, text("restart"));
    api.call("VM.start_on", vm, hosts.get(0), NO, NO);
    api.call("pool.set_ha_host_failures_to_tolerate", pool, number(1));
    api.call("pool.enable_ha", set(statefiles), NONE);
    JsonNode elsewhere = pbd(second, hosts.get(1));
    assertThat(api.refusal("PBD.unplug", elsewhere)).containsExactly(BROKEN);
    assertThat(api.call("PBD.get_currently_attached", elsewhere)).isEqualTo(YES);
    JsonNode local = api.call("VDI.create", Vms.vdiRecord(repository(hosts.get(0), "/local", NO)));
    assertThat(api.refusal("VBD.create", Vms.vbdRecord(vm, local, "1"))).containsExactly(BROKEN);
    JsonNode medium = api.call("VDI.create", Vms.vdiRecord(isos(hosts.get(0))));
    assertThat(api.refusal("VBD.insert", cd, medium)).containsExactly(BROKEN);
    assertThat(api.call("VBD.get_empty", cd)).isEqualTo(YES);
    assertThat(api.refusal("PIF.unplug", uplink)).containsExactly(BROKEN);
    assertThat(api.call("PIF.get_currently_attached", uplink)).isEqualTo(YES);
    api.call("pool.set_ha_allow_overcommit", pool, YES);
    api.call("VBD.create", Vms.vbdRecord(vm, local, "1"));
    api.call("VBD.insert", cd, medium);
    api.call("PIF.unplug", uplink);
    api.call("PIF.plug", uplink);
    api.call("PBD.unplug", elsewhere);
    api.call("PBD.plug", elsewhere);
    api.call("pool.set_ha_allow_overcommit", pool, NO);
    api.call("VBD.eject", cd);
    api.call("VM.hard_shutdown", vm);
  }

  /** The interface of a host that is not its management's. */
  private JsonNode uplink(JsonNode host) {
    for (JsonNode pif : api.call("host.get_PIFs", host)) {
      if (!api.call("PIF.get_management", pif).asBoolean()) {
        api.call("PIF.plug", pif);
        return pif;
      }
    }
    throw new AssertionError("one interface alone");
  }

  private JsonNode repository(JsonNode host, String location, JsonNode shared) {
    return repository(host, location, "user", shared);
  }

  private JsonNode isos(JsonNode host) {
    return repository(host, "/isos", "iso", NO);
  }

  private JsonNode repository(JsonNode host, String location, String content, JsonNode shared) {
    return api.call(
        "SR.create",
        host,
        map(Map.of("location", location)),
        number(0),
        text(location),
        text(""),
        text("file"),
        text(content),
        shared,
        NONE);
  }

  private JsonNode pbd(JsonNode sr, JsonNode host) {
    for (JsonNode pbd : api.call("SR.get_PBDs", sr)) {
      if (api.call("PBD.get_host", pbd).equals(host)) {
        return pbd;
      }
    }
    throw new AssertionError("no PBD");
  }

  @Test
  void choosesAStatefileItselfAndKeepsToThePlan() {
    JsonNode _ = everywhere();
    JsonNode hosts = api.call("host.get_all");
    long free = Long.parseLong(api.read("host.compute_free_memory", hosts.get(0)));
    ObjectNode big = Vms.vmRecord("big", (free * 6 / 10) >> 20);
    JsonNode first = vms.created(big);
    api.call("VM.set_ha_restart_priority", first, text("restart"));
    api.call("VM.start_on", first, hosts.get(0), NO, NO);
    assertThat(api.call("VM.get_ha_always_run", first)).isEqualTo(YES);
    api.call("pool.set_ha_host_failures_to_tolerate", pool, number(2));
    api.call("pool.enable_ha", set(), NONE);
    assertThat(api.read("pool.get_ha_plan_exists_for", pool)).isEqualTo("2");
    JsonNode second = vms.created(big);
    assertThat(api.refusal("VM.start_on", second, hosts.get(1), NO, NO))
        .containsExactly("HA_OPERATION_WOULD_BREAK_FAILOVER_PLAN");
    assertThat(api.refusal("host.disable", hosts.get(1)))
        .containsExactly("HA_OPERATION_WOULD_BREAK_FAILOVER_PLAN");
    assertThat(api.call("host.get_enabled", hosts.get(1))).isEqualTo(YES);
    assertThat(api.refusal("pool.set_ha_host_failures_to_tolerate", pool, number(3)))
        .containsExactly("HA_NO_PLAN");
    api.call("pool.set_ha_allow_overcommit", pool, YES);
    api.call("VM.start_on", second, hosts.get(1), NO, NO);
    await().atMost(SOON).until(() -> api.call("pool.get_ha_overcommitted", pool).asBoolean());
    assertThat(api.read("pool.get_ha_plan_exists_for", pool)).isEqualTo("1");
    api.call("VM.hard_shutdown", second);
    await().atMost(SOON).until(() -> api.read("pool.get_ha_plan_exists_for", pool).equals("2"));
    api.call("pool.set_ha_allow_overcommit", pool, NO);
    api.call("VM.hard_shutdown", first);
    assertThat(api.call("VM.get_ha_always_run", first)).isEqualTo(NO);
    api.call("host.emergency_ha_disable");
    assertThat(api.call("pool.get_ha_enabled", pool)).isEqualTo(NO);
  }
}

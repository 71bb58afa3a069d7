package io.keelson.testkit.conformance;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.strings;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.Repositories;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** VMs that go from host to host, with and without their disks. */
@RunsOn(hosts = 2)
@ParameterizedClass
@EnumSource(Format.class)
class MigrationConformanceTest {
  private static final JsonNode NONE = map(Map.of());

  private final Api api;
  private final Vms vms;

  MigrationConformanceTest(Format format, ServerBox box) {
    this.api = box.login(format);
    this.vms = new Vms(api);
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  private JsonNode otherHost(JsonNode vm) {
    JsonNode here = api.call("VM.get_resident_on", vm);
    for (JsonNode host : api.call("host.get_all")) {
      if (!host.equals(here)) {
        return host;
      }
    }
    throw new AssertionError("there is one host only");
  }

  private JsonNode here(JsonNode vm) {
    return api.call("VM.get_resident_on", vm);
  }

  private JsonNode destination(JsonNode host) {
    JsonNode network = api.call("PIF.get_network", api.call("host.get_management_interface", host));
    return api.call("host.migrate_receive", host, network, NONE);
  }

  @Test
  void aRunningVmGoesToAnotherHostAndBack() {
    JsonNode vm = vms.running();
    JsonNode first = here(vm);
    JsonNode second = otherHost(vm);
    int domid = api.call("VM.get_domid", vm).asInt();
    api.call("VM.pool_migrate", vm, second, map(Map.of("live", "true")));
    assertThat(here(vm)).isEqualTo(second);
    assertThat(api.read("VM.get_power_state", vm)).isEqualTo("Running");
    assertThat(api.call("VM.get_domid", vm).asInt()).isNotEqualTo(domid);
    assertThat(api.call("VM.get_current_operations", vm)).isEmpty();
    assertThat(strings(api.call("host.get_resident_VMs", second))).contains(vm.asString());
    api.call("VM.pool_migrate", vm, second, NONE);
    assertThat(here(vm)).isEqualTo(second);
    api.call("VM.pool_migrate", vm, first, NONE);
    assertThat(here(vm)).isEqualTo(first);
    api.call("VM.clean_shutdown", vm);
  }

  @Test
  void whatKeepsAVmWhereItIsIsSaid() {
    JsonNode halted = vms.halted();
    JsonNode vm = vms.running();
    JsonNode host = otherHost(vm);
    assertThat(api.refusal("VM.pool_migrate", halted, host, NONE))
        .containsExactly("VM_BAD_POWER_STATE", halted.asString(), "running", "halted");
    assertThat(api.refusal("VM.pool_migrate", vm, text("OpaqueRef:none"), NONE))
        .startsWith("HANDLE_INVALID", "host");
    api.call("VM.add_to_blocked_operations", vm, text("pool_migrate"), text("why"));
    assertThat(api.refusal("VM.pool_migrate", vm, host, NONE))
        .containsExactly("OPERATION_BLOCKED", vm.asString(), "why");
    api.call("VM.remove_from_blocked_operations", vm, text("pool_migrate"));

    api.call("host.disable", host);
    try {
      assertThat(api.refusal("VM.pool_migrate", vm, host, NONE))
          .containsExactly("HOST_DISABLED", host.asString());
    } finally {
      api.call("host.enable", host);
    }
    JsonNode bound = vms.halted();
    vms.drive(bound, vms.disk(), "0");
    vms.start(bound);
    JsonNode sr = vms.defaultSr();
    if (api.call("SR.get_PBDs", sr).size() == 1) {
      assertThat(api.refusal("VM.pool_migrate", bound, otherHost(bound), NONE))
          .containsExactly("VM_REQUIRES_SR", bound.asString(), sr.asString());
      assertThat(
              api.refusal(
                  "VM.assert_can_migrate",
                  bound,
                  destination(otherHost(bound)),
                  YES,
                  NONE,
                  NONE,
                  NONE))
          .startsWith("VDI_NOT_IN_MAP");
    }
  }

  @Test
  void aDestinationThatIsNoneIsRefusedBeforeAnythingChanges() {
    JsonNode vm = vms.running();
    JsonNode here = here(vm);
    ObjectNode destination = (ObjectNode) destination(here);
    assertThat(destination.get("host")).isEqualTo(here);
    assertThat(destination.get("session_id")).isNotEqualTo(api.session());
    ObjectNode elsewhere = destination.deepCopy().put("host", "OpaqueRef:" + UUID.randomUUID());
    assertThat(migrate("VM.migrate_send", vm, elsewhere, YES, NONE, NONE))
        .startsWith("VM_MIGRATE_FAILED", vm.asString(), here.asString())
        .hasSize(5);
    assertThat(migrate("VM.assert_can_migrate", vm, elsewhere, YES, NONE, NONE))
        .startsWith("VM_MIGRATE_FAILED");
    ObjectNode stale = destination.deepCopy().put("session_id", "OpaqueRef:gone");
    assertThat(migrate("VM.migrate_send", vm, stale, YES, NONE, NONE))
        .containsExactly("SESSION_INVALID", "OpaqueRef:gone");
    ObjectNode incomplete = destination.deepCopy();
    incomplete.remove("host");
    assertThat(migrate("VM.migrate_send", vm, incomplete, YES, NONE, NONE))
        .containsExactly("INVALID_VALUE", "dest:host", "");
    assertThat(migrate("VM.migrate_send", vm, destination, NO, NONE, NONE))
        .containsExactly("VM_BAD_POWER_STATE", vm.asString(), "halted, suspended", "running");
    assertThat(
            api.refusal(
                "VM.migrate_send", vm, destination, YES, NONE, NONE, map(Map.of("copy", "true"))))
        .startsWith("OPERATION_NOT_ALLOWED");
    assertThat(api.call("VM.get_current_operations", vm)).isEmpty();
  }

  private List<String> migrate(
      String message, JsonNode vm, JsonNode dest, JsonNode live, JsonNode disks, JsonNode cards) {
    return api.refusal(message, vm, dest, live, disks, cards, NONE);
  }

  @Test
  void aVmTakesItsDisksAlong() {
    JsonNode vm = vms.halted();
    JsonNode disk = vms.disk();
    JsonNode vbd = vms.drive(vm, disk, "0");
    vms.start(vm);
    JsonNode host = here(vm);
    JsonNode sr = repository(host);
    try {
      JsonNode disks = map(Map.of(disk.asString(), sr.asString()));
      JsonNode destination = destination(host);
      api.call("VM.assert_can_migrate", vm, destination, YES, disks, NONE, NONE);
      assertThat(api.call("VM.migrate_send", vm, destination, YES, disks, NONE, NONE))
          .isEqualTo(vm);
      JsonNode moved = api.call("VBD.get_VDI", vbd);
      assertThat(api.call("VDI.get_SR", moved)).isEqualTo(sr);
      assertThat(api.read("VM.get_power_state", vm)).isEqualTo("Running");
      api.call("VM.hard_shutdown", vm);

      JsonNode back = map(Map.of(moved.asString(), vms.defaultSr().asString()));
      api.call("VM.migrate_send", vm, destination, NO, back, NONE, NONE);
      assertThat(api.call("VDI.get_SR", api.call("VBD.get_VDI", vbd))).isEqualTo(vms.defaultSr());
      assertThat(migrate("VM.migrate_send", vm, destination, NO, back, NONE))
          .startsWith("HANDLE_INVALID", "VDI");
      JsonNode left = api.call("VBD.get_VDI", vbd);
      api.call("VM.destroy", vm);
      api.call("VDI.destroy", left);
    } finally {
      api.call("SR.destroy", unplugged(sr));
    }
  }

  private JsonNode unplugged(JsonNode sr) {
    api.call("SR.get_PBDs", sr).forEach(pbd -> api.call("PBD.unplug", pbd));
    return sr;
  }

  private JsonNode repository(JsonNode host) {
    return Repositories.local(api, host, "/tmp/elsewhere-" + UUID.randomUUID(), "elsewhere");
  }
}

package io.keelson.testkit.conformance;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.record;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Virtual TPMs: one a VM at most, changed only while it is halted, and copied with it. */
@RunsOn(hosts = 2)
@ParameterizedClass
@EnumSource(Format.class)
class VtpmConformanceTest {
  private final Api api;
  private final Vms vms;

  VtpmConformanceTest(Format format, ServerBox box) {
    this.api = box.login(format);
    this.vms = new Vms(api);
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  private static ObjectNode vtpmRecord(JsonNode vm) {
    ObjectNode vtpm = record();
    vtpm.set("VM", vm);
    vtpm.set("backend", NULL);
    return vtpm;
  }

  private JsonNode vtpm(JsonNode vm) {
    JsonNode all = api.call("VM.get_VTPMs", vm);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  @Test
  void aVmHasOneAtMost() {
    JsonNode vm = vms.halted();
    JsonNode vtpm = api.call("VTPM.create", vtpmRecord(vm));
    JsonNode made = api.call("VTPM.get_record", vtpm);
    assertThat(made.get("VM")).isEqualTo(vm);
    assertThat(made.get("backend")).isEqualTo(NULL);
    assertThat(api.call("VTPM.get_by_uuid", made.get("uuid"))).isEqualTo(vtpm);
    assertThat(vtpm(vm)).isEqualTo(vtpm);
    assertThat(api.refusal("VTPM.create", vtpmRecord(vm)))
        .containsExactly("VTPM_MAX_AMOUNT_REACHED", "1");
    api.call("VTPM.destroy", vtpm);
    assertThat(api.call("VM.get_VTPMs", vm)).isEmpty();
    assertThat(api.refusal("VTPM.destroy", vtpm))
        .containsExactly("HANDLE_INVALID", "VTPM", vtpm.asString());
    JsonNode next = api.call("VTPM.create", vtpmRecord(vm));
    api.call("VM.destroy", vm);
    assertThat(api.refusal("VTPM.get_VM", next)).first().isEqualTo("HANDLE_INVALID");
  }

  @Test
  void itsBackendIsAControlDomainOrNone() {
    JsonNode vm = vms.halted();
    ObjectNode other = vtpmRecord(vm);
    other.set("backend", vm);
    assertThat(api.refusal("VTPM.create", other))
        .containsExactly("INVALID_VALUE", "backend", vm.asString());
    other.set("backend", text("OpaqueRef:nothing"));
    assertThat(api.refusal("VTPM.create", other)).first().isEqualTo("HANDLE_INVALID");
    JsonNode host = api.call("host.get_all").get(0);
    JsonNode control =
        api.call("host.get_resident_VMs", host).valueStream().findFirst().orElseThrow();
    other.set("backend", control);
    JsonNode vtpm = api.call("VTPM.create", other);
    assertThat(api.call("VTPM.get_backend", vtpm)).isEqualTo(control);
    assertThat(api.refusal("VTPM.create", vtpmRecord(text("OpaqueRef:nothing"))))
        .containsExactly("HANDLE_INVALID", "VM", "OpaqueRef:nothing");
    assertThat(api.refusal("VTPM.create", vtpmRecord(control)))
        .first()
        .isEqualTo("OPERATION_NOT_ALLOWED");
  }

  @Test
  void onlyAHaltedVmChanges() {
    JsonNode vm = vms.running();
    assertThat(api.refusal("VTPM.create", vtpmRecord(vm)))
        .containsExactly("VM_BAD_POWER_STATE", vm.asString(), "halted", "running");
    api.call("VM.hard_shutdown", vm);
    JsonNode vtpm = api.call("VTPM.create", vtpmRecord(vm));
    vms.start(vm);
    for (String state : new String[] {"running", "paused", "suspended"}) {
      switch (state) {
        case "paused" -> api.call("VM.pause", vm);
        case "suspended" -> {
          api.call("VM.unpause", vm);
          api.call("VM.suspend", vm);
        }
        default -> {}
      }
      assertThat(api.refusal("VTPM.destroy", vtpm))
          .containsExactly("VM_BAD_POWER_STATE", vm.asString(), "halted", state);
    }
    api.call("VM.resume", vm, NO, NO);
    api.call("VM.pool_migrate", vm, otherHost(vm), map(Map.of()));
    api.call("VM.hard_shutdown", vm);
    api.call("VTPM.destroy", vtpm);
  }

  private JsonNode otherHost(JsonNode vm) {
    JsonNode here = api.call("VM.get_resident_on", vm);
    return api.call("host.get_all")
        .valueStream()
        .filter(host -> !host.equals(here))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aCopyHasItsOwn() {
    JsonNode vm = vms.halted();
    JsonNode vtpm = api.call("VTPM.create", vtpmRecord(vm));
    vms.start(vm);
    JsonNode checkpoint = vms.kept(api.call("VM.checkpoint", vm, text("with memory")));
    JsonNode snapshot = vms.kept(api.call("VM.snapshot", vm, text("then")));
    api.call("VM.hard_shutdown", vm);
    JsonNode clone = vms.kept(api.call("VM.clone", vm, text("clone")));
    JsonNode copy = vms.kept(api.call("VM.copy", vm, text("copy"), NULL));
    for (JsonNode other : new JsonNode[] {checkpoint, snapshot, clone, copy}) {
      assertThat(vtpm(other)).isNotEqualTo(vtpm);
      assertThat(api.call("VTPM.get_VM", vtpm(other))).isEqualTo(other);
    }
    vms.start(clone);
    api.call("VTPM.destroy", vtpm);
    api.call("VM.revert", snapshot);
    assertThat(api.call("VTPM.get_VM", vtpm(vm))).isEqualTo(vm);
    assertThat(vtpm(snapshot)).isNotEqualTo(vtpm(vm));
    api.call("VM.revert", checkpoint);
    assertThat(vtpm(vm)).isNotNull();
    api.call("VM.resume", vm, NO, NO);
    assertThat(api.read("VM.get_power_state", vm)).isEqualTo("Running");
  }
}

package io.keelson.testkit.conformance;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.number;
import static io.keelson.testkit.wire.Values.strings;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

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

/** Cases 34 to 48 but 44: what may be done to a VM in which state. */
@RunsOn(hosts = 2)
@ParameterizedClass
@EnumSource(Format.class)
class VmLifecycleConformanceTest {
  private final Api api;
  private final Vms vms;

  VmLifecycleConformanceTest(Format format, ServerBox box) {
    this.api = box.login(format);
    this.vms = new Vms(api);
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  @Test
  void templateIsNotStarted() {
    JsonNode template = vms.template("Other install media");
    assertThat(api.refusal("VM.start", template, NO, NO))
        .containsExactly("VM_IS_TEMPLATE", template.asString(), "start");
  }

  @Test
  void runningVmIsNotStarted() {
    JsonNode vm = vms.running();
    assertThat(api.refusal("VM.start", vm, NO, NO))
        .containsExactly("VM_BAD_POWER_STATE", vm.asString(), "halted", "running");
  }

  @Test
  void runningVmIsNotUnpaused() {
    JsonNode vm = vms.running();
    assertThat(api.refusal("VM.unpause", vm))
        .containsExactly("VM_BAD_POWER_STATE", vm.asString(), "paused", "running");
  }

  @Test
  void runningVmIsNotDestroyed() {
    JsonNode vm = vms.running();
    assertThat(api.refusal("VM.destroy", vm))
        .containsExactly("VM_BAD_POWER_STATE", vm.asString(), "halted, suspended", "running");
  }

  @Test
  void blockedOperationSaysWhy() {
    JsonNode vm = vms.halted();
    api.call("VM.add_to_blocked_operations", vm, text("start"), text("why"));
    assertThat(api.refusal("VM.start", vm, NO, NO))
        .containsExactly("OPERATION_BLOCKED", vm.asString(), "why");
    assertThat(strings(api.call("VM.get_allowed_operations", vm))).doesNotContain("start");

    api.call("VM.remove_from_blocked_operations", vm, text("start"));
    vms.start(vm);
    assertThat(powerState(vm)).isEqualTo("Running");
  }

  @Test
  void onlyTemplatesAreProvisioned() {
    assertThat(api.refusal("VM.provision", vms.halted()).getFirst())
        .isEqualTo("ONLY_PROVISION_TEMPLATE");
  }

  @Test
  void controlDomainIsLeftAlone() {
    String filter = "field \"is_control_domain\" = \"true\"";
    JsonNode dom0 =
        text(api.call("VM.get_all_records_where", text(filter)).propertyNames().iterator().next());
    for (String method : List.of("VM.pause", "VM.hard_shutdown", "VM.suspend")) {
      assertThat(api.refusal(method, dom0).getFirst())
          .as(method)
          .isEqualTo("OPERATION_NOT_ALLOWED");
    }
    assertThat(powerState(dom0)).isEqualTo("Running");
  }

  @Test
  void defaultTemplateIsNotDestroyed() {
    assertThat(api.refusal("VM.destroy", vms.template("Other install media")).getFirst())
        .isIn("VM_IS_TEMPLATE", "VM_CANNOT_DELETE_DEFAULT_TEMPLATE");
  }

  @Test
  void vmLargerThanAllHostsIsNotStarted() {
    JsonNode vm = vms.created(Vms.vmRecord("large", 1 << 30));
    List<String> refusal = api.refusal("VM.start", vm, NO, NO);
    assertThat(refusal.getFirst()).isIn("HOST_NOT_ENOUGH_FREE_MEMORY", "NO_HOSTS_AVAILABLE");

    JsonNode host = api.call("host.get_all").get(0);
    List<String> there = api.refusal("VM.start_on", vm, host, NO, NO);
    assertThat(there).hasSize(3).startsWith("HOST_NOT_ENOUGH_FREE_MEMORY");
    assertThat(Long.parseLong(there.get(1))).isGreaterThan(Long.parseLong(there.get(2)));
    assertThat(powerState(vm)).isEqualTo("Halted");
  }

  @Test
  void disabledHostTakesNoVm() {
    JsonNode host = api.call("host.get_all").get(1);
    JsonNode vm = vms.halted();
    api.call("host.disable", host);
    try {
      assertThat(api.refusal("VM.start_on", vm, host, NO, NO))
          .containsExactly("HOST_DISABLED", host.asString());
    } finally {
      api.call("host.enable", host);
    }
    api.call("VM.start_on", vm, host, NO, NO);
    assertThat(api.call("VM.get_resident_on", vm)).isEqualTo(host);
  }

  @Test
  void hardShutdownLeavesNothingBehind() {
    JsonNode vm = vms.halted();
    JsonNode vbd = vms.drive(vm, vms.disk(), "0");
    JsonNode vif = api.call("VIF.create", Vms.vifRecord(vm, vms.network("n"), "0", ""));
    vms.start(vm);
    assertThat(api.call("VM.get_domid", vm).asInt()).isPositive();
    assertThat(api.call("VBD.get_currently_attached", vbd)).isEqualTo(YES);
    assertThat(api.call("VIF.get_currently_attached", vif)).isEqualTo(YES);

    api.call("VM.hard_shutdown", vm);

    JsonNode record = api.call("VM.get_record", vm);
    assertThat(record.get("power_state").asString()).isEqualTo("Halted");
    assertThat(record.get("domid").asInt()).isEqualTo(-1);
    assertThat(record.get("resident_on")).isEqualTo(NULL);
    assertThat(record.get("current_operations")).isEmpty();
    assertThat(api.call("VBD.get_currently_attached", vbd)).isEqualTo(NO);
    assertThat(api.call("VIF.get_currently_attached", vif)).isEqualTo(NO);
    api.call("network.destroy", api.call("VIF.get_network", vif));
  }

  @Test
  void suspendedVmKeepsItsDevicesAndComesBack() {
    JsonNode vm = vms.halted();
    JsonNode vbd = vms.drive(vm, vms.disk(), "0");
    vms.start(vm);

    api.call("VM.suspend", vm);
    assertThat(powerState(vm)).isEqualTo("Suspended");
    assertThat(api.call("VM.get_resident_on", vm)).isEqualTo(NULL);
    assertThat(api.call("VM.get_suspend_VDI", vm)).isNotEqualTo(NULL);
    assertThat(api.call("VBD.get_currently_attached", vbd)).isEqualTo(YES);

    api.call("VM.resume", vm, NO, NO);
    assertThat(powerState(vm)).isEqualTo("Running");
    assertThat(api.call("VM.get_suspend_VDI", vm)).isEqualTo(NULL);
    assertThat(api.call("VBD.get_currently_attached", vbd)).isEqualTo(YES);
  }

  @Test
  void startedPausedIsPaused() {
    JsonNode vm = vms.halted();
    api.call("VM.start", vm, YES, NO);
    assertThat(powerState(vm)).isEqualTo("Paused");
    api.call("VM.unpause", vm);
    assertThat(powerState(vm)).isEqualTo("Running");
    api.call("VM.pause", vm);
    assertThat(powerState(vm)).isEqualTo("Paused");
    api.call("VM.hard_reboot", vm);
    assertThat(powerState(vm)).isEqualTo("Running");
  }

  @Test
  void haltedVmAllowsWhatHaltedVmsDo() {
    assertThat(allowed(vms.halted()))
        .contains(
            "start",
            "start_on",
            "clone",
            "copy",
            "destroy",
            "snapshot",
            "make_into_template",
            "changing_static_range",
            "changing_dynamic_range",
            "export")
        .doesNotContain(
            "pause",
            "unpause",
            "clean_shutdown",
            "hard_shutdown",
            "suspend",
            "resume",
            "hard_reboot",
            "provision");
  }

  @Test
  void runningVmAllowsWhatRunningVmsDo() {
    assertThat(allowed(vms.running()))
        .contains(
            "pause",
            "suspend",
            "clean_shutdown",
            "hard_shutdown",
            "clean_reboot",
            "hard_reboot",
            "snapshot")
        .doesNotContain(
            "start",
            "start_on",
            "unpause",
            "resume",
            "destroy",
            "clone",
            "copy",
            "changing_static_range",
            "shutdown",
            "power_state_reset");
  }

  @Test
  void pausedVmAllowsWhatPausedVmsDo() {
    JsonNode vm = vms.running();
    api.call("VM.pause", vm);
    assertThat(allowed(vm))
        .contains("unpause", "hard_shutdown", "hard_reboot", "snapshot")
        .doesNotContain("start", "pause", "clean_shutdown", "suspend", "resume", "destroy");
  }

  @Test
  void suspendedVmAllowsWhatSuspendedVmsDo() {
    JsonNode vm = vms.running();
    api.call("VM.suspend", vm);
    assertThat(allowed(vm))
        .contains("resume", "resume_on", "hard_shutdown", "destroy", "snapshot")
        .doesNotContain("start", "pause", "unpause", "suspend", "clean_shutdown", "hard_reboot");
  }

  @Test
  void templateAllowsWhatTemplatesDo() {
    assertThat(allowed(vms.template("Other install media")))
        .contains("clone", "copy", "provision")
        .doesNotContain("start", "start_on", "hard_shutdown");
  }

  @Test
  void fastCloneOfATemplateBecomesAVm() {
    JsonNode vm =
        vms.kept(api.call("VM.clone", vms.template("Other install media"), text("from template")));
    assertThat(api.call("VM.get_is_a_template", vm)).isEqualTo(YES);
    api.call("VM.provision", vm);
    assertThat(api.call("VM.get_is_a_template", vm)).isEqualTo(NO);
    assertThat(api.call("VM.get_is_a_snapshot", vm)).isEqualTo(NO);
    vms.start(vm);
    assertThat(powerState(vm)).isEqualTo("Running");
  }

  @Test
  void provisionMakesTheDisksThatTheTemplateNames() {
    JsonNode vm =
        vms.kept(api.call("VM.clone", vms.template("Debian Bookworm 12"), text("with disk")));
    api.call("VM.provision", vm);
    JsonNode vbds = api.call("VM.get_VBDs", vm);
    assertThat(vbds).hasSize(1);
    JsonNode vdi = api.call("VBD.get_VDI", vbds.get(0));
    assertThat(api.call("VDI.get_virtual_size", vdi).asLong()).isEqualTo(10L << 30);
    api.call("VM.destroy", vm);
    api.call("VDI.destroy", vdi);
  }

  @Test
  void copyOfAVmHasDisksOfItsOwn() {
    JsonNode vm = vms.halted();
    vms.drive(vm, vms.disk(), "0");
    JsonNode copy = vms.kept(api.call("VM.copy", vm, text("copy"), NULL));
    JsonNode theirs = api.call("VBD.get_VDI", api.call("VM.get_VBDs", copy).get(0));
    assertThat(theirs).isNotEqualTo(api.call("VBD.get_VDI", api.call("VM.get_VBDs", vm).get(0)));
    assertThat(api.call("VM.get_other_config", copy).get("mac_seed"))
        .isNotEqualTo(api.call("VM.get_other_config", vm).get("mac_seed"));
    api.call("VM.destroy", copy);
    api.call("VDI.destroy", theirs);
  }

  @Test
  void memoryLimitsKeepTheirOrder() {
    JsonNode vm = vms.halted();
    assertThat(api.refusal("VM.set_memory_dynamic_max", vm, number(1L << 40)).getFirst())
        .isEqualTo("MEMORY_CONSTRAINT_VIOLATION");
    api.call("VM.set_memory_limits", vm, mib(16), mib(64), mib(64), mib(64));
    assertThat(api.call("VM.get_memory_static_max", vm).asLong()).isEqualTo(64L << 20);
  }

  @Test
  void powerStateResetForgetsTheDomain() {
    JsonNode vm = vms.running();
    api.call("VM.power_state_reset", vm);
    assertThat(powerState(vm)).isEqualTo("Halted");
    assertThat(api.call("VM.get_resident_on", vm)).isEqualTo(NULL);
  }

  @Test
  void rebootsKeepTheVmRunning() {
    JsonNode vm = vms.running();
    api.call("VM.clean_reboot", vm);
    assertThat(powerState(vm)).isEqualTo("Running");
    api.call("VM.clean_shutdown", vm);
    assertThat(powerState(vm)).isEqualTo("Halted");
    vms.start(vm);
    api.call("VM.shutdown", vm);
    assertThat(powerState(vm)).isEqualTo("Halted");
  }

  @Test
  void affinityIsFollowed() {
    JsonNode host = api.call("host.get_all").get(1);
    JsonNode vm = vms.halted();
    api.call("VM.set_affinity", vm, host);
    vms.start(vm);
    assertThat(api.call("VM.get_resident_on", vm)).isEqualTo(host);
    assertThat(strings(api.call("host.get_resident_VMs", host))).contains(vm.asString());
  }

  private static JsonNode mib(long mib) {
    return number(mib << 20);
  }

  private String powerState(JsonNode vm) {
    return api.read("VM.get_power_state", vm);
  }

  private List<String> allowed(JsonNode vm) {
    return strings(api.call("VM.get_allowed_operations", vm));
  }
}

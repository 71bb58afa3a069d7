package io.keelson.control.vm.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VMs that come into being and go. */
final class ProvisioningTest {
  private static final String DISKS =
      "<provision><disk device=\"0\" size=\"8388608\" sr=\"\" bootable=\"true\""
          + " type=\"system\"/><disk device=\"1\" size=\"4194304\" sr=\"\" bootable=\"false\""
          + " type=\"user\"/></provision>";

  @TempDir private Path folder;
  private VmLab lab;

  @BeforeEach
  void open() {
    lab = VmLab.open(folder, Simulation.open(SimulationPlan.of(1)).drivers(), 1);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void aCreatedVmIsHaltedAndHasWhatTheServerDecides() {
    Vm vm = lab.vm(created(new HashMap<>()));
    assertThat(vm.powerState()).isEqualTo(VmPowerState.HALTED);
    assertThat(vm.domid()).isEqualTo(-1);
    assertThat(vm.otherConfig()).containsKey("mac_seed");
    assertThat(vm.memoryOverhead()).isPositive();
    assertThat(lab.state().find(ApiModel.VM_METRICS, vm.metrics())).isPresent();
    assertThat(vm.uuid()).hasSize(36);
    assertThat(vm.isATemplate()).isFalse();
  }

  @Test
  void wrongMemoryAndProcessorsAreRefused() {
    assertThatThrownBy(() -> created(Map.of("memory_static_max", 1L)))
        .isInstanceOf(ApiError.class)
        .hasMessageContaining("MEMORY_CONSTRAINT_VIOLATION");
    assertThatThrownBy(() -> created(Map.of("VCPUs_at_startup", 9L)))
        .hasMessageContaining("INVALID_VALUE");
    assertThatThrownBy(() -> created(Map.of("actions_after_crash", "explode")))
        .hasMessageContaining("INVALID_VALUE");
  }

  @Test
  void theUsualWayFromATemplateToARunningVm() {
    Ref<Vm> template =
        lab.make(b ->
            b.isATemplate(true)
                .nameLabel("Small")
                .otherConfig(Map.of("default_template", "true", "disks", DISKS, "mac_seed", "a")));
    lab.card(template, 0);

    lab.call("clone", template, "mine");
    Ref<Vm> vm = named("mine");
    assertThat(lab.vm(vm).isATemplate()).isTrue();
    assertThat(lab.vm(vm).otherConfig())
        .doesNotContainKey("default_template")
        .containsEntry("base_template_name", "Small")
        .doesNotContainEntry("mac_seed", "a");
    lab.call("provision", vm);

    assertThat(lab.vm(vm).isATemplate()).isFalse();
    assertThat(lab.vm(vm).otherConfig()).doesNotContainKey("disks");
    assertThat(lab.vm(vm).vbds()).hasSize(2);
    Vif card = lab.state().get(ApiModel.VIF, lab.vm(vm).vifs().iterator().next());
    assertThat(card.mac()).isNotEqualTo("02:00:00:00:00:00");
    lab.call("start", vm, false, false);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);
    assertThat(lab.error("provision", vm)).first().isEqualTo("VM_BAD_POWER_STATE");
  }

  @Test
  void aMalformedDescriptionOfDisksMakesNone() {
    Ref<Vm> template =
        lab.make(b -> b.isATemplate(true).otherConfig(Map.of("disks", "<provision><disk")));
    assertThat(lab.error("provision", template)).first().isEqualTo("INVALID_VALUE");
    Ref<Vm> entity =
        lab.make(b ->
            b.isATemplate(true)
                .otherConfig(
                    Map.of("disks", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a/>")));
    assertThat(lab.error("provision", entity)).first().isEqualTo("INVALID_VALUE");
    assertThat(lab.state().rows(ApiModel.VDI)).isEmpty();
  }

  @Test
  void clonesAndCopiesHaveDisksOfTheirOwn() {
    Ref<Vm> vm = lab.make();
    Ref<Vbd> disk = lab.disk(vm, 0, VbdMode.RW);
    Ref<Vdi> original = lab.state().get(ApiModel.VBD, disk).vdi();
    lab.call("clone", vm, "cloned");
    lab.call("copy", vm, "copied", Ref.none());
    lab.call("copy", vm, "moved", lab.sr());
    for (String name : List.of("cloned", "copied", "moved")) {
      Ref<Vm> other = named(name);
      Ref<Vbd> drive = lab.vm(other).vbds().iterator().next();
      assertThat(lab.state().get(ApiModel.VBD, drive).vdi()).isNotEqualTo(original);
      assertThat(lab.state().get(ApiModel.VBD, drive).bootable()).isTrue();
      lab.call("start", other, false, false);
    }
    assertThat(lab.error("clone", named("cloned"), "no"))
        .containsExactly("VM_BAD_POWER_STATE", named("cloned").text(), "halted", "running");
  }

  @Test
  void aDestroyedVmTakesItsDrivesAndCardsAndLeavesItsDisks() {
    Ref<Vm> vm = created(new HashMap<>());
    lab.disk(vm, 0, VbdMode.RW);
    lab.card(vm, 0);
    lab.call("destroy", vm);
    assertThat(lab.state().find(ApiModel.VM, vm)).isEmpty();
    assertThat(lab.state().rows(ApiModel.VBD)).isEmpty();
    assertThat(lab.state().rows(ApiModel.VIF)).isEmpty();
    assertThat(lab.state().rows(ApiModel.VM_METRICS)).isEmpty();
    assertThat(lab.state().rows(ApiModel.VDI)).hasSize(1);
  }

  @Test
  void aDestroyedSuspendedVmTakesItsMemory() {
    Ref<Vm> vm = lab.make();
    lab.call("start", vm, false, false);
    lab.call("suspend", vm);
    lab.call("destroy", vm);
    assertThat(lab.state().rows(ApiModel.VDI)).isEmpty();
  }

  @Test
  void manyClientsCloneOneTemplateAtOnce() throws Exception {
    Ref<Vm> template = lab.make(b -> b.isATemplate(true));
    lab.disk(template, 0, VbdMode.RW);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String name = "clone" + i;
        done.add(clients.submit(() -> lab.call("clone", template, name)));
      }
      for (Future<?> client : done) {
        client.get();
      }
    }
    assertThat(lab.state().table(ApiModel.VM).size()).isEqualTo(9);
    assertThat(lab.vm(template).currentOperations()).isEmpty();
  }

  private Ref<Vm> created(Map<String, Object> fields) {
    Map<String, Object> all = new HashMap<>();
    all.put("name_label", "made");
    for (String text :
        List.of(
            "user_version=0",
            "PV_bootloader=",
            "PV_kernel=",
            "PV_ramdisk=",
            "PV_args=",
            "PV_bootloader_args=",
            "PV_legacy_args=",
            "PCI_bus=",
            "recommendations=",
            "HVM_boot_policy=BIOS order",
            "affinity=",
            "actions_after_shutdown=destroy",
            "actions_after_reboot=restart",
            "actions_after_crash=restart")) {
      all.put(text.substring(0, text.indexOf('=')), text.substring(text.indexOf('=') + 1));
    }
    for (String map : List.of("HVM_boot_params", "VCPUs_params", "platform", "other_config")) {
      all.put(map, Map.of());
    }
    all.put("is_a_template", false);
    all.put("VCPUs_max", 2L);
    all.put("VCPUs_at_startup", 1L);
    all.put("memory_static_min", 16 * VmLab.MIB);
    all.put("memory_dynamic_min", 64 * VmLab.MIB);
    all.put("memory_dynamic_max", 64 * VmLab.MIB);
    all.put("memory_static_max", 64 * VmLab.MIB);
    all.putAll(fields);
    lab.call("create", all);
    return named("made");
  }

  private Ref<Vm> named(String name) {
    return lab.state().table(ApiModel.VM).byNameLabel(name).iterator().next();
  }
}

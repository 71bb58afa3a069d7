package io.keelson.testkit.gpu;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.map;
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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Virtual GPUs and devices of VMs: what they hold while they run, and what that forbids them. */
@RunsOn(hosts = 3)
@ParameterizedClass
@EnumSource(Format.class)
class VgpuTest {
  private final Api api;
  private final Vms vms;
  private final Gpus gpus;
  private final JsonNode host;

  VgpuTest(Format format, ServerBox box) {
    this.api = box.login(format);
    this.vms = new Vms(api);
    this.gpus = new Gpus(api);
    this.host = gpus.hosts(true).getFirst();
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  private List<String> refusedNew(JsonNode vm, String device, JsonNode type) {
    return api.refusal("VGPU.create", vm, gpus.group(), text(device), map(Map.of()), type);
  }

  @Test
  void aHaltedVmGetsOneAndLosesIt() {
    JsonNode vm = vms.halted();
    JsonNode vgpu =
        api.call("VGPU.create", vm, gpus.group(), text("0"), map(Map.of("k", "v")), gpus.small());
    JsonNode made = api.call("VGPU.get_record", vgpu);
    assertThat(made.get("VM")).isEqualTo(vm);
    assertThat(made.get("GPU_group")).isEqualTo(gpus.group());
    assertThat(made.get("type")).isEqualTo(gpus.small());
    assertThat(made.get("device").asString()).isEqualTo("0");
    assertThat(made.get("other_config").get("k").asString()).isEqualTo("v");
    assertThat(made.get("currently_attached").asBoolean()).isFalse();
    assertThat(made.get("resident_on")).isEqualTo(NULL);
    assertThat(api.call("VM.get_VGPUs", vm)).containsExactly(vgpu);
    assertThat(api.call("GPU_group.get_VGPUs", gpus.group())).contains(vgpu);
    assertThat(api.call("VGPU_type.get_VGPUs", gpus.small())).contains(vgpu);
    api.call("VGPU.destroy", vgpu);
    assertThat(api.call("VM.get_VGPUs", vm)).isEmpty();
    assertThat(api.refusal("VGPU.destroy", vgpu))
        .containsExactly("HANDLE_INVALID", "VGPU", vgpu.asString());
    JsonNode next = gpus.give(vm, gpus.small());
    api.call("VM.destroy", vm);
    assertThat(api.refusal("VGPU.get_VM", next)).first().isEqualTo("HANDLE_INVALID");
  }

  /** Clients of before there were kinds name none. */
  @Test
  void noKindMeansAWholeProcessor() {
    JsonNode vm = vms.halted();
    JsonNode vgpu = gpus.give(vm, NULL);
    assertThat(api.call("VGPU.get_type", vgpu)).isEqualTo(gpus.whole());
  }

  @Test
  void whatCannotBeIsRefused() {
    JsonNode vm = vms.halted();
    for (String device : List.of("", "8", "-1", "one", "00")) {
      assertThat(refusedNew(vm, device, gpus.small())).containsExactly("INVALID_DEVICE", device);
    }
    assertThat(refusedNew(NULL, "0", gpus.small())).first().isEqualTo("HANDLE_INVALID");
    assertThat(refusedNew(vm, "0", text("OpaqueRef:nothing"))).first().isEqualTo("HANDLE_INVALID");
    assertThat(api.refusal("VGPU.create", vm, NULL, text("0"), map(Map.of()), gpus.small()))
        .first()
        .isEqualTo("HANDLE_INVALID");
    JsonNode control = api.call("host.get_resident_VMs", gpus.hosts(false).getFirst()).get(0);
    assertThat(refusedNew(control, "0", gpus.small())).first().isEqualTo("OPERATION_NOT_ALLOWED");
    gpus.give(vm, gpus.whole());
    assertThat(refusedNew(vm, "0", gpus.whole())).containsExactly("DEVICE_ALREADY_EXISTS", "0");
    assertThat(refusedNew(vm, "1", gpus.small()))
        .containsExactly("VGPU_TYPE_NOT_COMPATIBLE", gpus.small().asString());
    JsonNode other = vms.halted();
    gpus.give(other, gpus.small());
    assertThat(refusedNew(other, "1", gpus.small()))
        .containsExactly("VGPU_TYPE_NOT_COMPATIBLE", gpus.small().asString());
    JsonNode running = vms.running();
    assertThat(refusedNew(running, "0", gpus.small()))
        .containsExactly("VM_BAD_POWER_STATE", running.asString(), "halted", "running");
  }

  @Test
  void aRunHoldsAWholeProcessorWithWhatGoesAlong() {
    JsonNode vm = vms.halted();
    JsonNode vgpu = gpus.give(vm, gpus.whole());
    api.call("VM.start_on", vm, host, NO, NO);
    JsonNode gpu = gpus.serving(vgpu);
    assertThat(gpus.processors(host)).contains(gpu);
    assertThat(api.call("VGPU.get_currently_attached", vgpu).asBoolean()).isTrue();
    assertThat(api.call("PGPU.get_resident_VGPUs", gpu)).containsExactly(vgpu);
    JsonNode sound = api.call("PCI.get_dependencies", gpus.pci(gpu)).get(0);
    assertThat(api.call("VM.get_attached_PCIs", vm))
        .containsExactlyInAnyOrder(gpus.pci(gpu), sound);
    assertThat(api.refusal("VGPU.destroy", vgpu)).first().isEqualTo("OPERATION_NOT_ALLOWED");
    assertThat(api.refusal("VM.suspend", vm)).containsExactly("VM_HAS_PCI_ATTACHED", vm.asString());
    assertThat(api.refusal("VM.checkpoint", vm, text("no")))
        .containsExactly("VM_HAS_PCI_ATTACHED", vm.asString());
    assertThat(api.refusal("VM.pool_migrate", vm, gpus.hosts(true).get(1), map(Map.of())))
        .containsExactly("VM_HAS_PCI_ATTACHED", vm.asString());
    assertThat(strings(api.call("VM.get_allowed_operations", vm)))
        .contains("hard_shutdown", "clean_reboot", "snapshot")
        .doesNotContain("suspend", "checkpoint", "pool_migrate", "migrate_send");
    assertThat(api.refusal("VM.assert_agile", vm)).first().isEqualTo("VM_HAS_PCI_ATTACHED");
    api.call("VM.hard_reboot", vm);
    assertThat(gpus.processors(host)).contains(gpus.serving(vgpu));
    api.call("VM.pause", vm);
    assertThat(api.call("VGPU.get_currently_attached", vgpu).asBoolean()).isTrue();
    api.call("VM.unpause", vm);
    api.call("VM.clean_shutdown", vm);
    assertThat(gpus.serving(vgpu)).isEqualTo(NULL);
    assertThat(api.call("VGPU.get_currently_attached", vgpu).asBoolean()).isFalse();
    assertThat(api.call("VM.get_attached_PCIs", vm)).isEmpty();
    assertThat(strings(api.call("VM.get_allowed_operations", vm))).contains("migrate_send");
    api.call("VGPU.destroy", vgpu);
  }

  @Test
  void aRunHoldsAPartOfAProcessor() {
    JsonNode vm = vms.halted();
    JsonNode vgpu = gpus.give(vm, gpus.big());
    vms.start(vm);
    assertThat(api.call("VGPU.get_currently_attached", vgpu).asBoolean()).isTrue();
    assertThat(gpus.serving(vgpu)).isNotEqualTo(NULL);
    assertThat(api.call("VM.get_attached_PCIs", vm)).isEmpty();
    assertThat(api.refusal("VM.suspend", vm)).containsExactly("VM_HAS_VGPU", vm.asString());
    assertThat(api.refusal("VM.checkpoint", vm, text("no")))
        .containsExactly("VM_HAS_VGPU", vm.asString());
    assertThat(api.refusal("VM.pool_migrate", vm, gpus.hosts(true).get(1), map(Map.of())))
        .containsExactly("VM_HAS_VGPU", vm.asString());
    assertThat(api.refusal("VM.assert_agile", vm)).containsExactly("VM_HAS_VGPU", vm.asString());
    JsonNode on = api.call("VM.get_resident_on", vm);
    JsonNode stuck = api.call("host.get_vms_which_prevent_evacuation", on).get(vm.asString());
    assertThat(strings(stuck)).containsExactly("VM_HAS_VGPU", vm.asString());
    api.call("VM.hard_shutdown", vm);
    assertThat(gpus.serving(vgpu)).isEqualTo(NULL);
  }

  /** A balloon cannot take back what devices write to. */
  @Test
  void aVmWithADeviceHasAllOfItsMemory() {
    JsonNode vm = vms.halted();
    api.call("VM.set_memory_static_min", vm, number(16 << 20));
    api.call("VM.set_memory_dynamic_range", vm, number(16 << 20), number(20 << 20));
    gpus.give(vm, gpus.small());
    vms.start(vm);
    assertThat(api.read("VM.get_memory_target", vm)).isEqualTo(Integer.toString(32 << 20));
  }

  @Test
  void copiesAndSnapshotsHaveTheirLike() {
    JsonNode vm = vms.halted();
    JsonNode vgpu = gpus.give(vm, gpus.small());
    JsonNode clone = vms.kept(api.call("VM.clone", vm, text("clone")));
    JsonNode copy = vms.kept(api.call("VM.copy", vm, text("copy"), NULL));
    vms.start(vm);
    JsonNode snapshot = vms.kept(api.call("VM.snapshot", vm, text("snapshot")));
    for (JsonNode other : List.of(clone, copy, snapshot)) {
      JsonNode all = api.call("VM.get_VGPUs", other);
      assertThat(all).hasSize(1).doesNotContain(vgpu);
      JsonNode its = api.call("VGPU.get_record", all.get(0));
      assertThat(its.get("type")).isEqualTo(gpus.small());
      assertThat(its.get("GPU_group")).isEqualTo(gpus.group());
      assertThat(its.get("resident_on")).isEqualTo(NULL);
      assertThat(its.get("currently_attached").asBoolean()).isFalse();
      assertThat(its.get("uuid")).isNotEqualTo(api.call("VGPU.get_uuid", vgpu));
    }
    api.call("VM.revert", snapshot);
    JsonNode back = api.call("VM.get_VGPUs", vm);
    assertThat(back).hasSize(1);
    assertThat(api.call("VGPU.get_type", back.get(0))).isEqualTo(gpus.small());
    assertThat(api.refusal("VGPU.get_VM", vgpu)).first().isEqualTo("HANDLE_INVALID");
    vms.start(clone);
    assertThat(gpus.serving(api.call("VM.get_VGPUs", clone).get(0))).isNotEqualTo(NULL);
  }

  @Test
  void otherConfigNamesDevices() {
    JsonNode gpu = gpus.processors(host).get(1);
    JsonNode vm = vms.halted();
    api.call("VM.add_to_other_config", vm, text("pci"), text("0/" + gpus.address(gpu)));
    api.call("VM.start_on", vm, host, NO, NO);
    JsonNode sound = api.call("PCI.get_dependencies", gpus.pci(gpu)).get(0);
    assertThat(api.call("VM.get_attached_PCIs", vm))
        .containsExactlyInAnyOrder(gpus.pci(gpu), sound);
    assertThat(api.refusal("VM.suspend", vm)).containsExactly("VM_HAS_PCI_ATTACHED", vm.asString());
    assertThat(api.read("PGPU.get_remaining_capacity", gpu, gpus.whole())).isEqualTo("0");
    assertThat(api.read("PGPU.get_remaining_capacity", gpu, gpus.small())).isEqualTo("0");
    assertThat(api.refusal("PGPU.set_GPU_group", gpu, gpus.group()))
        .containsExactly("PGPU_IN_USE_BY_VM", vm.asString());

    JsonNode other = vms.halted();
    api.call("VM.add_to_other_config", other, text("pci"), text(gpus.address(gpu)));
    assertThat(api.refusal("VM.start_on", other, host, NO, NO))
        .containsExactly("DEVICE_ALREADY_ATTACHED", gpus.pci(gpu).asString());
    api.call("VM.hard_shutdown", vm);
    api.call("VM.start_on", other, host, NO, NO);
    api.call("VM.hard_shutdown", other);

    JsonNode sharing = vms.halted();
    JsonNode vgpu = gpus.give(sharing, gpus.small());
    api.call("VM.start_on", sharing, host, NO, NO);
    JsonNode shared = gpus.serving(vgpu);
    JsonNode late = vms.halted();
    api.call("VM.add_to_other_config", late, text("pci"), text("0/" + gpus.address(shared)));
    assertThat(api.refusal("VM.start_on", late, host, NO, NO))
        .containsExactly("PGPU_IN_USE_BY_VM", sharing.asString());
  }

  @Test
  void devicesThatAreNotThereAreRefused() {
    JsonNode vm = vms.halted();
    for (String wrong : List.of("everything", "0/0000:41:00", "1/0000:41:00.9", "x/0000:41:00.0")) {
      api.call("VM.set_other_config", vm, map(Map.of("pci", wrong)));
      assertThat(api.refusal("VM.start_on", vm, host, NO, NO))
          .containsExactly("INVALID_VALUE", "other_config:pci", wrong);
    }
    api.call("VM.set_other_config", vm, map(Map.of("pci", "0/0000:7f:00.0")));
    assertThat(api.refusal("VM.start_on", vm, host, NO, NO))
        .containsExactly(
            "VM_INCOMPATIBLE_WITH_THIS_HOST",
            vm.asString(),
            host.asString(),
            "the host has no PCI device 0000:7f:00.0");
    assertThat(api.refusal("VM.start", vm, NO, NO)).first().isEqualTo("NO_HOSTS_AVAILABLE");
    api.call("VM.set_other_config", vm, map(Map.of("pci", "0/0000:00:03.0")));
    JsonNode plain = gpus.hosts(false).getFirst();
    assertThat(api.refusal("VM.start_on", vm, plain, YES, NO))
        .containsExactly("VM_REQUIRES_IOMMU", plain.asString());
    api.call("VM.start", vm, NO, NO);
    assertThat(api.call("VM.get_attached_PCIs", vm)).hasSize(1);
  }
}

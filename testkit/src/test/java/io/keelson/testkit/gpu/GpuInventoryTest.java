package io.keelson.testkit.gpu;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.list;
import static io.keelson.testkit.wire.Values.map;
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
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Which devices there are, how graphics processors are grouped, and what may run on them. */
@RunsOn(hosts = 3)
@ParameterizedClass
@EnumSource(Format.class)
class GpuInventoryTest {
  private final Api api;
  private final Vms vms;
  private final Gpus gpus;
  private final JsonNode host;
  private final JsonNode gpu;

  GpuInventoryTest(Format format, ServerBox box) {
    this.api = box.login(format);
    this.vms = new Vms(api);
    this.gpus = new Gpus(api);
    this.host = gpus.hosts(true).getFirst();
    this.gpu = gpus.processors(host).getFirst();
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  @Test
  void devicesAreKnownWithWhatGoesAlongWithThem() {
    JsonNode device = gpus.pci(gpu);
    JsonNode record = api.call("PCI.get_record", device);
    assertThat(record.get("host")).isEqualTo(host);
    assertThat(record.get("pci_id").asString()).isEqualTo("0000:41:00.0");
    assertThat(record.get("class_name").asString()).isEqualTo("VGA compatible controller");
    assertThat(record.get("vendor_name").asString()).isEqualTo("Simulation");
    assertThat(record.get("device_name").asString()).isEqualTo("Simulated GPU");
    assertThat(record.get("subsystem_vendor_name").asString()).isEqualTo("Simulation");
    assertThat(record.get("subsystem_device_name").asString()).isEqualTo("Simulated GPU card");
    assertThat(record.get("dependencies")).hasSize(1);
    JsonNode sound = record.get("dependencies").get(0);
    assertThat(api.read("PCI.get_pci_id", sound)).isEqualTo("0000:41:00.1");
    assertThat(api.call("PCI.get_dependencies", sound)).containsExactly(device);
    assertThat(strings(api.call("host.get_PCIs", host)))
        .hasSize(6)
        .contains(device.asString(), sound.asString());
    assertThat(api.call("host.get_chipset_info", host).get("iommu").asString()).isEqualTo("true");
    JsonNode plain = gpus.hosts(false).getFirst();
    assertThat(api.call("host.get_PCIs", plain)).hasSize(2);
    assertThat(api.call("host.get_chipset_info", plain).get("iommu").asString()).isEqualTo("false");
  }

  @Test
  void processorsOfOneKindAreOneGroup() {
    JsonNode group = gpus.group();
    assertThat(strings(api.call("GPU_group.get_GPU_types", group))).containsExactly("5153/2001");
    assertThat(api.call("GPU_group.get_PGPUs", group)).hasSize(4);
    assertThat(api.call("PGPU.get_GPU_group", gpu)).isEqualTo(group);
    assertThat(api.read("GPU_group.get_allocation_algorithm", group)).isEqualTo("depth_first");
    List<JsonNode> types = List.of(gpus.whole(), gpus.big(), gpus.small());
    for (String field : List.of("supported", "enabled")) {
      assertThat(api.call("PGPU.get_" + field + "_VGPU_types", gpu))
          .containsExactlyInAnyOrderElementsOf(types);
      assertThat(api.call("GPU_group.get_" + field + "_VGPU_types", group))
          .containsExactlyInAnyOrderElementsOf(types);
      assertThat(strings(api.call("VGPU_type.get_" + field + "_on_PGPUs", gpus.big())))
          .hasSize(4)
          .contains(gpu.asString());
      assertThat(api.call("VGPU_type.get_" + field + "_on_GPU_groups", gpus.big()))
          .containsExactly(group);
    }
    JsonNode most = api.call("PGPU.get_supported_VGPU_max_capacities", gpu);
    assertThat(most.get(gpus.whole().asString()).asString()).isEqualTo("1");
    assertThat(most.get(gpus.big().asString()).asString()).isEqualTo("2");
    assertThat(most.get(gpus.small().asString()).asString()).isEqualTo("4");
  }

  @Test
  void kindsSayWhatTheyAre() {
    JsonNode big = api.call("VGPU_type.get_record", gpus.big());
    assertThat(big.get("implementation").asString()).isEqualTo("nvidia");
    assertThat(big.get("framebuffer_size").asString()).isEqualTo(Long.toString(4L << 30));
    assertThat(big.get("max_heads").asString()).isEqualTo("4");
    assertThat(big.get("max_resolution_x").asString()).isEqualTo("2560");
    assertThat(big.get("max_resolution_y").asString()).isEqualTo("1600");
    assertThat(big.get("vendor_name").asString()).isEqualTo("Simulation");
    assertThat(big.get("experimental").asBoolean()).isFalse();
    assertThat(api.read("VGPU_type.get_implementation", gpus.whole())).isEqualTo("passthrough");
  }

  /** What a host shows its own console with is not given away. */
  @Test
  void theHostsScreenIsNotToBeHad() {
    JsonNode screen = gpus.screen(host);
    assertThat(api.call("PGPU.get_is_system_display_device", screen).asBoolean()).isTrue();
    assertThat(api.call("PGPU.get_is_system_display_device", gpu).asBoolean()).isFalse();
    assertThat(api.call("PGPU.get_supported_VGPU_types", screen)).isEmpty();
    assertThat(api.refusal("PGPU.add_enabled_VGPU_types", screen, gpus.whole()))
        .containsExactly("VGPU_TYPE_NOT_SUPPORTED", gpus.whole().asString());
    assertThat(api.read("PGPU.get_remaining_capacity", screen, gpus.whole())).isEqualTo("0");
  }

  @Test
  void groupsAreMadeFilledAndRemoved() {
    JsonNode group =
        api.call("GPU_group.create", text("mine"), text("for me"), map(Map.of("who", "me")));
    assertThat(api.read("GPU_group.get_name_label", group)).isEqualTo("mine");
    assertThat(api.read("GPU_group.get_name_description", group)).isEqualTo("for me");
    assertThat(api.call("GPU_group.get_other_config", group).get("who").asString()).isEqualTo("me");
    assertThat(api.call("GPU_group.get_GPU_types", group)).isEmpty();
    assertThat(api.read("GPU_group.get_remaining_capacity", group, gpus.big())).isEqualTo("0");
    api.call("PGPU.set_GPU_group", gpu, group);
    assertThat(strings(api.call("GPU_group.get_GPU_types", group))).containsExactly("5153/2001");
    assertThat(api.call("GPU_group.get_supported_VGPU_types", group)).hasSize(3);
    assertThat(api.call("GPU_group.get_PGPUs", gpus.group())).hasSize(3);
    assertThat(api.read("GPU_group.get_remaining_capacity", group, gpus.big())).isEqualTo("2");
    assertThat(api.refusal("PGPU.set_GPU_group", gpus.screen(host), group))
        .containsExactly("PGPU_NOT_COMPATIBLE_WITH_GPU_GROUP", "5153/1001", "[5153/2001]");
    assertThat(api.refusal("GPU_group.destroy", group))
        .containsExactly("GPU_GROUP_CONTAINS_PGPU", gpu.asString());
    assertThat(api.refusal("PGPU.set_GPU_group", gpu, NULL)).first().isEqualTo("HANDLE_INVALID");

    JsonNode idle = vms.halted();
    JsonNode left = api.call("VGPU.create", idle, group, text("0"), map(Map.of()), gpus.small());
    JsonNode vm = vms.halted();
    JsonNode vgpu = api.call("VGPU.create", vm, group, text("0"), map(Map.of()), gpus.small());
    vms.start(vm);
    assertThat(api.refusal("PGPU.set_GPU_group", gpu, gpus.group()))
        .containsExactly("PGPU_IN_USE_BY_VM", vm.asString());
    assertThat(api.refusal("GPU_group.destroy", group))
        .containsExactly("GPU_GROUP_CONTAINS_VGPU", vgpu.asString());
    api.call("VM.hard_shutdown", vm);
    api.call("PGPU.set_GPU_group", gpu, gpus.group());
    assertThat(api.call("GPU_group.get_enabled_VGPU_types", group)).isEmpty();
    api.call("GPU_group.destroy", group);
    assertThat(api.refusal("VGPU.get_VM", left)).first().isEqualTo("HANDLE_INVALID");
    assertThat(api.refusal("GPU_group.destroy", group))
        .containsExactly("HANDLE_INVALID", "GPU_group", group.asString());
  }

  @Test
  void kindsAreAllowedAndForbiddenOnEachProcessor() {
    JsonNode big = gpus.big();
    Set<JsonNode> before =
        Set.copyOf(api.call("PGPU.get_enabled_VGPU_types", gpu).valueStream().toList());
    api.call("PGPU.remove_enabled_VGPU_types", gpu, big);
    api.call("PGPU.remove_enabled_VGPU_types", gpu, big);
    assertThat(api.call("PGPU.get_enabled_VGPU_types", gpu)).doesNotContain(big);
    assertThat(api.call("PGPU.get_supported_VGPU_types", gpu)).contains(big);
    assertThat(api.read("PGPU.get_remaining_capacity", gpu, big)).isEqualTo("0");
    for (JsonNode each : api.call("GPU_group.get_PGPUs", gpus.group())) {
      api.call("PGPU.set_enabled_VGPU_types", each, list(gpus.small()));
      assertThat(api.call("PGPU.get_enabled_VGPU_types", each)).containsExactly(gpus.small());
    }
    assertThat(api.call("GPU_group.get_enabled_VGPU_types", gpus.group()))
        .containsExactly(gpus.small());
    assertThat(api.call("GPU_group.get_supported_VGPU_types", gpus.group())).hasSize(3);
    JsonNode vm = vms.halted();
    JsonNode vgpu = gpus.give(vm, gpus.small());
    vms.start(vm);
    JsonNode used = gpus.serving(vgpu);
    assertThat(api.refusal("PGPU.remove_enabled_VGPU_types", used, gpus.small()))
        .containsExactly("PGPU_IN_USE_BY_VM", vm.asString());
    assertThat(api.refusal("PGPU.set_enabled_VGPU_types", used, list(big)))
        .containsExactly("PGPU_IN_USE_BY_VM", vm.asString());
    for (JsonNode each : api.call("GPU_group.get_PGPUs", gpus.group())) {
      api.call("PGPU.add_enabled_VGPU_types", each, big);
      api.call("PGPU.add_enabled_VGPU_types", each, gpus.whole());
      assertThat(api.call("PGPU.get_enabled_VGPU_types", each))
          .containsExactlyInAnyOrderElementsOf(before);
    }
    assertThat(api.refusal("PGPU.add_enabled_VGPU_types", gpu, NULL))
        .first()
        .isEqualTo("HANDLE_INVALID");
  }

  /** Virtual GPUs of one kind share a processor; another kind waits for it. */
  @Test
  void capacitiesFollowWhatRuns() {
    JsonNode vm = vms.halted();
    JsonNode vgpu = gpus.give(vm, gpus.big());
    assertThat(api.read("GPU_group.get_remaining_capacity", gpus.group(), gpus.big()))
        .isEqualTo("8");
    api.call("VM.start_on", vm, host, NO, NO);
    JsonNode used = gpus.serving(vgpu);
    assertThat(api.call("PGPU.get_resident_VGPUs", used)).containsExactly(vgpu);
    assertThat(api.read("PGPU.get_remaining_capacity", used, gpus.big())).isEqualTo("1");
    assertThat(api.read("PGPU.get_remaining_capacity", used, gpus.small())).isEqualTo("0");
    assertThat(api.read("PGPU.get_remaining_capacity", used, gpus.whole())).isEqualTo("0");
    assertThat(api.read("GPU_group.get_remaining_capacity", gpus.group(), gpus.big()))
        .isEqualTo("7");
    assertThat(api.read("GPU_group.get_remaining_capacity", gpus.group(), gpus.small()))
        .isEqualTo("12");
    assertThat(api.read("GPU_group.get_remaining_capacity", gpus.group(), gpus.whole()))
        .isEqualTo("3");
    api.call("VM.hard_shutdown", vm);
    assertThat(api.read("GPU_group.get_remaining_capacity", gpus.group(), gpus.small()))
        .isEqualTo("16");
    assertThat(api.refusal("PGPU.get_remaining_capacity", gpu, NULL))
        .first()
        .isEqualTo("HANDLE_INVALID");
    assertThat(api.refusal("GPU_group.get_remaining_capacity", NULL, gpus.big()))
        .first()
        .isEqualTo("HANDLE_INVALID");
  }
}

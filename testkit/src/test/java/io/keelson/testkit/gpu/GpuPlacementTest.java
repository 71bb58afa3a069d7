package io.keelson.testkit.gpu;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** On which host and which processor a VM with a virtual GPU runs, and where it cannot. */
@RunsOn(hosts = 3)
@ParameterizedClass
@EnumSource(Format.class)
class GpuPlacementTest {
  private final Api api;
  private final Vms vms;
  private final Gpus gpus;

  GpuPlacementTest(Format format, ServerBox box) {
    this.api = box.login(format);
    this.vms = new Vms(api);
    this.gpus = new Gpus(api);
  }

  @AfterEach
  void tidy() {
    api.call("GPU_group.set_allocation_algorithm", gpus.group(), text("depth_first"));
    vms.close();
    api.close();
  }

  private JsonNode vm(JsonNode type) {
    JsonNode vm = vms.halted();
    gpus.give(vm, type);
    return vm;
  }

  /** Starts so many and says which processors serve them. */
  private List<JsonNode> started(int count, JsonNode type) {
    List<JsonNode> serving = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      JsonNode vm = vm(type);
      vms.start(vm);
      JsonNode gpu = gpus.serving(api.call("VM.get_VGPUs", vm).get(0));
      assertThat(api.call("PGPU.get_host", gpu)).isEqualTo(api.call("VM.get_resident_on", vm));
      serving.add(gpu);
    }
    return serving;
  }

  @Test
  void depthFirstFillsOneProcessorAfterTheOther() {
    List<JsonNode> serving = started(8, gpus.small());
    assertThat(Set.copyOf(serving.subList(0, 4))).hasSize(1);
    assertThat(Set.copyOf(serving.subList(4, 8))).hasSize(1);
    assertThat(Set.copyOf(serving)).hasSize(2);
  }

  @Test
  void breadthFirstSpreadsOverAllProcessors() {
    api.call("GPU_group.set_allocation_algorithm", gpus.group(), text("breadth_first"));
    List<JsonNode> serving = started(8, gpus.small());
    assertThat(Set.copyOf(serving.subList(0, 4))).hasSize(4);
    assertThat(Set.copyOf(serving.subList(4, 8))).hasSize(4);
  }

  /** Whole processors are not shared, and another kind finds none half used. */
  @Test
  void aFullPoolRefuses() {
    JsonNode rich = gpus.hosts(true).getFirst();
    Set<JsonNode> serving = started(4, gpus.whole()).stream().collect(Collectors.toSet());
    assertThat(serving).hasSize(4);
    JsonNode whole = vm(gpus.whole());
    assertThat(api.refusal("VM.start", whole, NO, NO)).containsExactly("NO_HOSTS_AVAILABLE");
    assertThat(api.refusal("VM.start_on", whole, rich, NO, NO))
        .containsExactly("VM_REQUIRES_GPU", whole.asString(), gpus.group().asString());
    assertThat(api.refusal("VM.assert_can_boot_here", whole, rich))
        .containsExactly("VM_REQUIRES_GPU", whole.asString(), gpus.group().asString());
    JsonNode part = vm(gpus.big());
    assertThat(api.refusal("VM.start_on", part, rich, NO, NO))
        .containsExactly(
            "VM_REQUIRES_VGPU", part.asString(), gpus.group().asString(), gpus.big().asString());
    assertThat(api.call("VM.get_possible_hosts", part)).isEmpty();
    JsonNode plain = gpus.hosts(false).getFirst();
    assertThat(api.refusal("VM.assert_can_boot_here", part, plain))
        .containsExactly("VM_REQUIRES_GPU", part.asString(), gpus.group().asString());
    assertThat(api.refusal("VM.assert_can_boot_here", whole, plain))
        .containsExactly("VM_REQUIRES_IOMMU", plain.asString());
  }

  @Test
  void aKindThatIsForbiddenEverywhereOnAHostKeepsVmsAway() {
    JsonNode rich = gpus.hosts(true).getFirst();
    JsonNode other = gpus.hosts(true).get(1);
    JsonNode vm = vm(gpus.big());
    assertThat(api.call("VM.get_possible_hosts", vm)).containsExactlyInAnyOrder(rich, other);
    gpus.processors(rich)
        .forEach(gpu -> api.call("PGPU.remove_enabled_VGPU_types", gpu, gpus.big()));
    assertThat(api.call("VM.get_possible_hosts", vm)).containsExactly(other);
    assertThat(api.refusal("VM.start_on", vm, rich, NO, NO)).first().isEqualTo("VM_REQUIRES_VGPU");
    vms.start(vm);
    assertThat(api.call("VM.get_resident_on", vm)).isEqualTo(other);
    gpus.processors(rich).forEach(gpu -> api.call("PGPU.add_enabled_VGPU_types", gpu, gpus.big()));
  }

  @Test
  void aVmCanHaveSeveralWholeProcessors() {
    JsonNode vm = vms.halted();
    for (String device : List.of("0", "1")) {
      api.call("VGPU.create", vm, gpus.group(), text(device), map(Map.of()), gpus.whole());
    }
    vms.start(vm);
    JsonNode host = api.call("VM.get_resident_on", vm);
    Set<JsonNode> serving =
        api.call("VM.get_VGPUs", vm).valueStream().map(gpus::serving).collect(Collectors.toSet());
    assertThat(serving).containsExactlyInAnyOrderElementsOf(gpus.processors(host));
    assertThat(api.call("VM.get_attached_PCIs", vm)).hasSize(4);
    JsonNode third = vms.halted();
    for (String device : List.of("0", "1", "2")) {
      api.call("VGPU.create", third, gpus.group(), text(device), map(Map.of()), gpus.whole());
    }
    assertThat(api.refusal("VM.start", third, NO, NO)).first().isEqualTo("NO_HOSTS_AVAILABLE");
    assertThat(
            api.call("VM.get_VGPUs", third)
                .valueStream()
                .map(gpus::serving)
                .map(JsonNode::asString))
        .containsOnly("OpaqueRef:NULL");
  }
}

package io.keelson.testkit.gpu;

import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.text;

import io.keelson.testkit.wire.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * The graphics processors of simulated hosts: every third host has a screen only, each other two
 * processors besides, which divide themselves into two big or four small virtual ones.
 */
final class Gpus {
  static final String PROCESSOR = "Simulated GPU";
  static final String SCREEN = "Simulated screen";

  private final Api api;

  Gpus(Api api) {
    this.api = api;
  }

  /** The group of the processors. */
  JsonNode group() {
    return api.call("GPU_group.get_by_name_label", text("Group of Simulation Simulated GPU GPUs"))
        .get(0);
  }

  /** The group of the screens. */
  JsonNode screens() {
    return api.call(
            "GPU_group.get_by_name_label", text("Group of Simulation Simulated screen GPUs"))
        .get(0);
  }

  /** The hosts that have processors, or those that have none. */
  List<JsonNode> hosts(boolean rich) {
    return all("host.get_all", host -> processors(host).isEmpty() != rich);
  }

  /** A host's processors, in the order of their addresses. */
  List<JsonNode> processors(JsonNode host) {
    return named(host, PROCESSOR);
  }

  /** A host's screen. */
  JsonNode screen(JsonNode host) {
    return named(host, SCREEN).getFirst();
  }

  private List<JsonNode> named(JsonNode host, String name) {
    List<JsonNode> found = new ArrayList<>();
    api.call("host.get_PGPUs", host).forEach(found::add);
    return found.stream()
        .filter(gpu -> api.read("PCI.get_device_name", pci(gpu)).equals(name))
        .sorted((a, b) -> address(a).compareTo(address(b)))
        .toList();
  }

  /** The device behind a processor. */
  JsonNode pci(JsonNode gpu) {
    return api.call("PGPU.get_PCI", gpu);
  }

  String address(JsonNode gpu) {
    return api.read("PCI.get_pci_id", pci(gpu));
  }

  /** The kind of virtual GPU that a model name ends in. */
  JsonNode type(String name) {
    return all("VGPU_type.get_all", type -> api.read("VGPU_type.get_model_name", type).equals(name))
        .getFirst();
  }

  JsonNode whole() {
    return type("passthrough");
  }

  JsonNode big() {
    return type("Simulated big vGPU");
  }

  JsonNode small() {
    return type("Simulated small vGPU");
  }

  /** Gives a VM a virtual GPU. */
  JsonNode give(JsonNode vm, JsonNode type) {
    return api.call("VGPU.create", vm, group(), text("0"), map(Map.of()), type);
  }

  /** The processor that serves a virtual GPU. */
  JsonNode serving(JsonNode vgpu) {
    return api.call("VGPU.get_resident_on", vgpu);
  }

  private List<JsonNode> all(String method, Predicate<JsonNode> which) {
    return api.call(method).valueStream().filter(which).toList();
  }
}

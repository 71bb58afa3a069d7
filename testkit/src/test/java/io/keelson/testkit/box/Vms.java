package io.keelson.testkit.box;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.number;
import static io.keelson.testkit.wire.Values.record;
import static io.keelson.testkit.wire.Values.text;

import io.keelson.testkit.wire.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Virtual machines, disks and drives for a test, which are taken away at its end. */
public final class Vms implements AutoCloseable {
  private static final long MIB = 1 << 20;

  private final Api api;
  private final List<JsonNode> vms = new ArrayList<>();
  private final List<JsonNode> vdis = new ArrayList<>();

  public Vms(Api api) {
    this.api = api;
  }

  /** What a VM of so much memory is created from, with all the fields that old clients send. */
  public static ObjectNode vmRecord(String name, long mib) {
    ObjectNode vm = record();
    for (String empty :
        List.of(
            "name_description",
            "PCI_bus",
            "PV_args",
            "PV_bootloader",
            "PV_bootloader_args",
            "PV_kernel",
            "PV_legacy_args",
            "PV_ramdisk",
            "recommendations")) {
      vm.put(empty, "");
    }
    for (String range : List.of("static_min", "dynamic_min", "dynamic_max", "static_max")) {
      vm.set("memory_" + range, number(mib * MIB));
    }
    vm.put("name_label", name)
        .put("actions_after_crash", "restart")
        .put("actions_after_reboot", "restart")
        .put("actions_after_shutdown", "destroy")
        .put("HVM_boot_policy", "BIOS order")
        .put("user_version", 1)
        .put("VCPUs_max", 1)
        .put("VCPUs_at_startup", 1);
    vm.set("affinity", NULL);
    vm.set("HVM_boot_params", map(Map.of("order", "c")));
    vm.set("is_a_template", NO);
    vm.set("other_config", map(Map.of()));
    vm.set("platform", map(Map.of("acpi", "1")));
    vm.set("VCPUs_params", map(Map.of()));
    return vm;
  }

  /** A VM of 32 MiB that does not run. */
  public JsonNode halted() {
    return created(vmRecord("vm " + UUID.randomUUID(), 32));
  }

  /** A VM from that record. */
  public JsonNode created(ObjectNode vm) {
    return kept(api.call("VM.create", vm));
  }

  /** Has this VM taken away too. */
  public JsonNode kept(JsonNode vm) {
    vms.add(vm);
    return vm;
  }

  /** A VM that runs. */
  public JsonNode running() {
    JsonNode vm = halted();
    start(vm);
    return vm;
  }

  public void start(JsonNode vm) {
    api.call("VM.start", vm, NO, NO);
  }

  /** A disk of 4 MiB in the pool's default repository. */
  public JsonNode disk() {
    JsonNode made = api.call("VDI.create", vdiRecord(defaultSr()));
    vdis.add(made);
    return made;
  }

  /** What a disk of 4 MiB is created from. */
  public static ObjectNode vdiRecord(JsonNode sr) {
    ObjectNode vdi =
        record()
            .put("name_label", "disk")
            .put("name_description", "")
            .put("type", "user")
            .put("sharable", false)
            .put("read_only", false);
    vdi.set("SR", sr);
    vdi.set("virtual_size", number(4 * MIB));
    vdi.set("other_config", map(Map.of()));
    vdi.set("xenstore_data", map(Map.of()));
    vdi.set("sm_config", map(Map.of()));
    vdi.putArray("tags");
    return vdi;
  }

  /** The repository that disks go to. */
  public JsonNode defaultSr() {
    return api.call("pool.get_default_SR", api.call("pool.get_all").get(0));
  }

  /** What a drive is created from. */
  public static ObjectNode vbdRecord(JsonNode vm, JsonNode vdi, String userdevice) {
    ObjectNode vbd =
        record()
            .put("userdevice", userdevice)
            .put("bootable", true)
            .put("mode", "RW")
            .put("type", "Disk")
            .put("unpluggable", true)
            .put("empty", false)
            .put("qos_algorithm_type", "");
    vbd.set("VM", vm);
    vbd.set("VDI", vdi);
    vbd.set("other_config", map(Map.of()));
    vbd.set("qos_algorithm_params", map(Map.of()));
    return vbd;
  }

  /** What an empty CD drive is created from. */
  public static ObjectNode cdRecord(JsonNode vm, String userdevice) {
    return vbdRecord(vm, NULL, userdevice).put("mode", "RO").put("type", "CD").put("empty", true);
  }

  /** A drive of a VM. */
  public JsonNode drive(JsonNode vm, JsonNode vdi, String userdevice) {
    return api.call("VBD.create", vbdRecord(vm, vdi, userdevice));
  }

  /** What a network card is created from. */
  public static ObjectNode vifRecord(JsonNode vm, JsonNode network, String device, String mac) {
    ObjectNode vif =
        record()
            .put("device", device)
            .put("MAC", mac)
            .put("MTU", 1500)
            .put("qos_algorithm_type", "");
    vif.set("VM", vm);
    vif.set("network", network);
    vif.set("other_config", map(Map.of()));
    vif.set("qos_algorithm_params", map(Map.of()));
    return vif;
  }

  /** A network without an interface of any host. */
  public JsonNode network(String name) {
    ObjectNode network =
        record().put("name_label", name).put("name_description", "").put("MTU", 1500);
    network.set("other_config", map(Map.of()));
    network.putArray("tags");
    return api.call("network.create", network);
  }

  /** The template of that name. */
  public JsonNode template(String name) {
    return api.call("VM.get_by_name_label", text(name)).get(0);
  }

  /** Has all VMs of the server taken away. */
  public void keepAll() {
    String own = "field \"is_control_domain\"=\"false\" and field \"is_a_template\"=\"false\"";
    for (String vm : api.call("VM.get_all_records_where", text(own)).propertyNames()) {
      vms.add(text(vm));
    }
  }

  @Override
  public void close() {
    for (JsonNode vm : vms) {
      api.answer("VM.hard_shutdown", vm);
      api.answer("VM.destroy", vm);
    }
    vdis.forEach(vdi -> api.answer("VDI.destroy", vdi));
  }
}

package io.keelson.cli.record;

import io.keelson.api.ApiModel;
import io.keelson.cli.call.Values;
import java.util.List;
import java.util.stream.Collectors;

/** What commands show of graphics processors. */
final class GpuAttributes {
  private GpuAttributes() {}

  static List<Attribute> pgpu() {
    return Attributes.of(ApiModel.PGPU)
        .show("uuid")
        .of("vendor-name", ApiModel.PCI, "PCI", "vendor_name", Objects.NOWHERE)
        .of("device-name", ApiModel.PCI, "PCI", "device_name", Objects.NOWHERE)
        .editAs("gpu-group-uuid", "GPU_group")
        .nameOf("gpu-group-name-label", "GPU_group")
        .showAs("host-uuid", "host")
        .nameOf("host-name-label", "host")
        .of("pci-id", ApiModel.PCI, "PCI", "pci_id", Objects.NOWHERE)
        .computed("dependencies", GpuAttributes::dependencies)
        .editMap("other-config")
        .show("supported-VGPU-types")
        .editSet("enabled-VGPU-types", "enabled_VGPU_types")
        .show("resident-VGPUs", "dom0-access")
        .list();
  }

  private static String dependencies(Item item) {
    return item.objects()
        .record("PCI", Values.text(item.field("PCI")))
        .map(pci ->
            Values.texts(Values.member(pci, "dependencies")).stream()
                .map(other -> Values.text(item.objects().api().call("PCI.get_pci_id", other)))
                .collect(Collectors.joining("; ")))
        .orElse("");
  }

  static List<Attribute> group() {
    return Attributes.of(ApiModel.GPU_GROUP)
        .show("uuid")
        .edit("name-label", "name-description")
        .set("VGPU-uuids", "VGPUs")
        .set("PGPU-uuids", "PGPUs")
        .editMap("other-config")
        .computed("enabled-VGPU-types", item -> types(item, "get_enabled_VGPU_types"))
        .computed("supported-VGPU-types", item -> types(item, "get_supported_VGPU_types"))
        .edit("allocation-algorithm", Words.ALLOCATION)
        .list();
  }

  private static String types(Item item, String message) {
    return Values.texts(item.ask(message)).stream()
        .map(type -> item.objects().uuid("VGPU_type", type))
        .collect(Collectors.joining("; "));
  }

  static List<Attribute> vgpu() {
    return Attributes.of(ApiModel.VGPU)
        .show("uuid")
        .showAs("vm-uuid", "VM")
        .nameOf("vm-name-label", "VM")
        .showAs("gpu-group-uuid", "GPU_group")
        .nameOf("gpu-group-name-label", "GPU_group")
        .show("currently-attached")
        .editMap("other-config")
        .showAs("type-uuid", "type")
        .of("type-model-name", ApiModel.VGPU_TYPE, "type", "model_name", Objects.NOWHERE)
        .show("resident-on")
        .list();
  }

  static List<Attribute> type() {
    return Attributes.of(ApiModel.VGPU_TYPE)
        .show("uuid", "vendor-name", "model-name", "framebuffer-size", "max-heads")
        .computed(
            "max-resolution",
            item ->
                Values.text(item.field("max_resolution_x"))
                    + "x"
                    + Values.text(item.field("max_resolution_y")))
        .show("supported-on-PGPUs", "enabled-on-PGPUs")
        .show("supported-on-GPU-groups", "enabled-on-GPU-groups")
        .showAs("VGPU-uuids", "VGPUs")
        .list();
  }
}

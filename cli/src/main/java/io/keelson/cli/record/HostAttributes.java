package io.keelson.cli.record;

import static io.keelson.cli.record.Attribute.Trait.EXPENSIVE;
import static io.keelson.cli.record.Attribute.Trait.HIDDEN;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.cli.call.Values;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What commands show of hosts and the pool. */
final class HostAttributes {
  private static final Words AS_THEY_ARE = new Words(Map.of(), Map.of());

  private HostAttributes() {}

  static List<Attribute> host() {
    return Attributes.of(ApiModel.HOST)
        .show("uuid")
        .edit("name-label", "name-description")
        .set("allowed-operations", Words.HOST_OPERATION)
        .operations("current-operations", Words.HOST_OPERATION)
        .show("enabled", "display", "API-version-major", "API-version-minor")
        .show("API-version-vendor")
        .map("API-version-vendor-implementation")
        .editMap("logging")
        .editAs("suspend-image-sr-uuid", "suspend_image_sr")
        .editAs("crash-dump-sr-uuid", "crash_dump_sr")
        .map("software-version")
        .set("capabilities", "capabilities")
        .editMap("other-config")
        .mapAs("cpu_info", "cpu_info")
        .map("chipset-info")
        .show("hostname", "address")
        .set("supported-bootloaders", "supported_bootloaders")
        .show("blobs", "memory-overhead")
        .of("memory-total", ApiModel.HOST_METRICS, "metrics", "memory_total", Objects.NOWHERE)
        .of("memory-free", ApiModel.HOST_METRICS, "metrics", "memory_free", Objects.NOWHERE)
        .computed(
            "memory-free-computed", item -> Values.text(item.ask("compute_free_memory")), EXPENSIVE)
        .of("host-metrics-live", ApiModel.HOST_METRICS, "metrics", "live", Objects.NOWHERE)
        .computed("patches", HostAttributes::patches)
        .computed("ha-statefiles", item -> stateFiles(item))
        .show("ha-network-peers", "external-auth-type", "external-auth-service-name")
        .map("external-auth-configuration")
        .show("edition")
        .map("license-server")
        .show("power-on-mode")
        .map("power-on-config")
        .show("local-cache-sr")
        .tags()
        .editMapAs("guest_VCPUs_params", "guest_VCPUs_params")
        .list();
  }

  private static String patches(Item item) {
    return Values.texts(item.field("patches")).stream()
        .map(patch ->
            item.objects()
                .uuid(
                    "pool_patch",
                    Values.text(item.objects().api().call("host_patch.get_pool_patch", patch))))
        .collect(Collectors.joining(", "));
  }

  private static String stateFiles(Item item) {
    return Values.texts(item.field("ha_statefiles")).stream()
        .map(vdi -> item.objects().uuid("VDI", vdi))
        .collect(Collectors.joining("; "));
  }

  static List<Attribute> cpu() {
    return Attributes.of(ApiModel.HOST_CPU)
        .show("uuid")
        .showAs("host-uuid", "host")
        .show("number", "vendor", "speed", "model", "family", "modelname", "stepping", "flags")
        .computed("utilisation", HostAttributes::utilisation, EXPENSIVE)
        .list();
  }

  private static String utilisation(Item item) {
    try {
      return Values.text(
          item.objects()
              .api()
              .call(
                  "host.query_data_source",
                  Values.text(item.field("host")),
                  "cpu" + Values.text(item.field("number"))));
    } catch (ApiError _) {
      return "<unknown>";
    }
  }

  static List<Attribute> crashdump() {
    return Attributes.of(ApiModel.HOST_CRASHDUMP)
        .show("uuid")
        .showAs("host-uuid", "host")
        .show("timestamp", "size")
        .list();
  }

  static List<Attribute> patch() {
    return Attributes.of(ApiModel.POOL_PATCH)
        .show("uuid", "name-label", "name-description", "size")
        .computed("hosts", HostAttributes::hosts)
        .set("after-apply-guidance", "after_apply_guidance")
        .list();
  }

  private static String hosts(Item item) {
    return Values.texts(item.field("host_patches")).stream()
        .map(applied ->
            item.objects()
                .uuid(
                    "host", Values.text(item.objects().api().call("host_patch.get_host", applied))))
        .collect(Collectors.joining(", "));
  }

  static List<Attribute> pool() {
    return Attributes.of(ApiModel.POOL)
        .show("uuid")
        .edit("name-label", "name-description")
        .show("master")
        .editAs("default-SR", "default_SR")
        .editAs("crash-dump-SR", "crash_dump_SR")
        .editAs("suspend-image-SR", "suspend_image_SR")
        .computed(
            "supported-sr-types",
            item ->
                String.join(
                    "; ", Values.texts(item.objects().api().call("SR.get_supported_types"))),
            EXPENSIVE)
        .editMap("other-config")
        .set("allowed-operations", AS_THEY_ARE)
        .operations("current-operations", AS_THEY_ARE)
        .show("ha-enabled", "ha-configuration")
        .computed("ha-statefiles", item -> stateFiles(item))
        .edit("ha-host-failures-to-tolerate")
        .show("ha-plan-exists-for")
        .edit("ha-allow-overcommit")
        .show("ha-overcommitted", "blobs", "wlb-url", "wlb-username")
        .edit("wlb-enabled", "wlb-verify-cert")
        .editMap("gui-config")
        .computed(
            "vswitch-controller",
            item -> {
              String address = Values.text(item.field("vswitch_controller"));
              return address.isEmpty() ? "<not set>" : address;
            },
            HIDDEN)
        .show("restrictions")
        .tags()
        .computed(
            "license-state", item -> FieldText.text(Values.map(item.ask("get_license_state"))))
        .list();
  }
}

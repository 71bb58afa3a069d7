package io.keelson.cli.record;

import static io.keelson.cli.record.Attribute.Trait.DEPRECATED;
import static io.keelson.cli.record.Attribute.Trait.EXPENSIVE;
import static io.keelson.cli.record.Attribute.Trait.HIDDEN;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.ErrorCode;
import io.keelson.cli.call.Values;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** What commands show of VMs, templates and snapshots. */
final class VmAttributes {
  private static final String UNKNOWN_TIME = "<unknown time>";
  private static final String UNKNOWN = "<unknown>";

  private VmAttributes() {}

  static List<Attribute> list() {
    Attributes list =
        Attributes.of(ApiModel.VM)
            .show("uuid")
            .edit("name-label", "name-description", "user-version", "is-a-template")
            .show("is-a-snapshot", "snapshot-of", "snapshots", "snapshot-time")
            .showAs("transportable-snapshot-id", "transportable_snapshot_id", HIDDEN)
            .show("snapshot-info", "parent", "children", "is-control-domain")
            .show("power-state", Words.POWER_STATE)
            .of("memory-actual", ApiModel.VM_METRICS, "metrics", "memory_actual", Objects.NOWHERE)
            .computed("memory-target", VmAttributes::memoryTarget, EXPENSIVE)
            .show("memory-overhead")
            .bytes(
                "memory-static-max",
                "memory-dynamic-max",
                "memory-dynamic-min",
                "memory-static-min")
            .editAs("suspend-VDI-uuid", "suspend_VDI")
            .editAs("suspend-SR-uuid", "suspend_SR")
            .editMap("VCPUs-params")
            .edit("VCPUs-max", "VCPUs-at-startup")
            .edit("actions-after-shutdown", Words.NORMAL_EXIT)
            .edit("actions-after-reboot", Words.NORMAL_EXIT)
            .edit("actions-after-crash", Words.CRASH)
            .set("console-uuids", "consoles")
            .editMap("platform")
            .set("allowed-operations", Words.VM_OPERATION)
            .operations("current-operations", Words.VM_OPERATION)
            .editMap("blocked-operations");
    boot(list);
    state(list);
    guest(list);
    return list.computed("cooperative", VmAttributes::cooperative, EXPENSIVE, DEPRECATED)
        .tags()
        .edit("protection-policy")
        .show("is-snapshot-from-vmpp")
        .edit("appliance", "start-delay", "shutdown-delay", "order")
        .show("version", "generation-id")
        .list();
  }

  private static void boot(Attributes list) {
    list.computed(
            "allowed-VBD-devices", item -> devices(item, "get_allowed_VBD_devices"), EXPENSIVE)
        .computed(
            "allowed-VIF-devices", item -> devices(item, "get_allowed_VIF_devices"), EXPENSIVE)
        .computed("possible-hosts", VmAttributes::possibleHosts, EXPENSIVE)
        .edit("HVM-boot-policy")
        .editMap("HVM-boot-params")
        .edit(
            "HVM-shadow-multiplier",
            "PV-kernel",
            "PV-ramdisk",
            "PV-args",
            "PV-legacy-args",
            "PV-bootloader",
            "PV-bootloader-args");
  }

  private static void state(Attributes list) {
    list.show("last-boot-CPU-flags")
        .computed(
            "last-boot-record",
            item -> "'" + Values.text(item.field("last_booted_record")) + "'",
            EXPENSIVE)
        .show("resident-on")
        .edit("affinity")
        .editMap("other-config")
        .showAs("dom-id", "domid")
        .show("recommendations")
        .editMap("xenstore-data")
        .editAs("ha-always-run", "ha_always_run", DEPRECATED)
        .edit("ha-restart-priority")
        .show("blobs")
        .of("start-time", ApiModel.VM_METRICS, "metrics", "start_time", UNKNOWN_TIME)
        .of("install-time", ApiModel.VM_METRICS, "metrics", "install_time", UNKNOWN_TIME)
        .of("VCPUs-number", ApiModel.VM_METRICS, "metrics", "VCPUs_number", Objects.NOWHERE)
        .computed("VCPUs-utilisation", VmAttributes::utilisation, EXPENSIVE);
  }

  private static void guest(Attributes list) {
    list.mapOf("os-version", ApiModel.VM_GUEST_METRICS, "guest_metrics", "os_version")
        .mapOf(
            "PV-drivers-version", ApiModel.VM_GUEST_METRICS, "guest_metrics", "PV_drivers_version")
        .of(
            "PV-drivers-up-to-date",
            ApiModel.VM_GUEST_METRICS,
            "guest_metrics",
            "PV_drivers_up_to_date",
            Objects.NOWHERE)
        .mapOf("memory", ApiModel.VM_GUEST_METRICS, "guest_metrics", "memory")
        .mapOf("disks", ApiModel.VM_GUEST_METRICS, "guest_metrics", "disks")
        .mapOf("networks", ApiModel.VM_GUEST_METRICS, "guest_metrics", "networks")
        .mapOf("other", ApiModel.VM_GUEST_METRICS, "guest_metrics", "other")
        .of("live", ApiModel.VM_GUEST_METRICS, "guest_metrics", "live", Objects.NOWHERE)
        .of(
            "guest-metrics-last-updated",
            ApiModel.VM_GUEST_METRICS,
            "guest_metrics",
            "last_updated",
            Objects.NOWHERE);
  }

  private static String memoryTarget(Item item) {
    try {
      double bytes =
          Values.real(
              item.objects().api().call("VM.query_data_source", item.ref(), "memory_target"));
      return Long.toString((long) bytes);
    } catch (ApiError error) {
      return error.code() == ErrorCode.VM_BAD_POWER_STATE ? "0" : UNKNOWN;
    }
  }

  private static String utilisation(Item item) {
    try {
      long processors =
          item.objects()
              .record("VM_metrics", Values.text(item.field("metrics")))
              .map(metrics -> metrics.get("VCPUs_number"))
              .map(Values::whole)
              .orElse(0L);
      return LongStream.range(0, processors)
          .mapToObj(number ->
              number
                  + ": "
                  + Values.text(
                      item.objects()
                          .api()
                          .call("VM.query_data_source", item.ref(), "cpu" + number)))
          .collect(Collectors.joining("; "));
    } catch (ApiError _) {
      return "";
    }
  }

  /** Control domains have none, and raise an error when they are asked. */
  private static String devices(Item item, String message) {
    try {
      return String.join("; ", Values.texts(item.ask(message)));
    } catch (ApiError _) {
      return "";
    }
  }

  private static String possibleHosts(Item item) {
    return Values.texts(item.ask("get_possible_hosts")).stream()
        .map(host -> item.objects().uuid("host", host))
        .collect(Collectors.joining("; "));
  }

  private static String cooperative(Item item) {
    try {
      return Values.text(item.ask("get_cooperative"));
    } catch (ApiError _) {
      return "true";
    }
  }
}

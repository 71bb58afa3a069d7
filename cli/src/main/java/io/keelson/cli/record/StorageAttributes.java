package io.keelson.cli.record;

import static io.keelson.cli.record.Attribute.Trait.DEPRECATED;
import static io.keelson.cli.record.Attribute.Trait.EXPENSIVE;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.cli.call.Values;
import java.util.List;
import java.util.Map;

/** What commands show of repositories, disks and what joins them to hosts and VMs. */
final class StorageAttributes {
  private static final Words AS_THEY_ARE = new Words(Map.of(), Map.of());

  private StorageAttributes() {}

  static List<Attribute> sr() {
    return Attributes.of(ApiModel.SR)
        .show("uuid")
        .edit("name-label", "name-description")
        .computed("host", StorageAttributes::host)
        .set("allowed-operations", Words.SR_OPERATION)
        .operations("current-operations", Words.SR_OPERATION)
        .set("VDIs", "VDIs")
        .set("PBDs", "PBDs")
        .show("virtual-allocation", "physical-utilisation", "physical-size", "type")
        .show("content-type")
        .edit("shared")
        .show("introduced-by")
        .editMap("other-config")
        .map("sm-config")
        .show("blobs", "local-cache-enabled")
        .tags()
        .list();
  }

  private static String host(Item item) {
    List<String> pbds = Values.texts(item.field("PBDs"));
    if (pbds.size() > 1) {
      return "<shared>";
    }
    String host =
        pbds.stream()
            .findFirst()
            .map(pbd -> Values.text(item.objects().api().call("PBD.get_host", pbd)))
            .orElse(Ref.none().text());
    return item.objects().name("host", host);
  }

  static List<Attribute> vdi() {
    return Attributes.of(ApiModel.VDI)
        .show("uuid")
        .edit("name-label", "name-description")
        .show("is-a-snapshot", "snapshot-of", "snapshots", "snapshot-time")
        .set("allowed-operations", AS_THEY_ARE)
        .operations("current-operations", AS_THEY_ARE)
        .showAs("sr-uuid", "SR")
        .nameOf("sr-name-label", "SR")
        .set("vbd-uuids", "VBDs")
        .set("crashdump-uuids", "crash_dumps")
        .show("virtual-size", "physical-utilisation", "location")
        .show("type", Words.VDI_TYPE)
        .show("sharable", "read-only", "storage-lock", "managed")
        .showAs("parent", "parent", DEPRECATED)
        .show("missing")
        .editMap("other-config")
        .map("xenstore-data", "sm-config")
        .edit("on-boot", "allow-caching")
        .show("metadata-latest")
        .computed("metadata-of-pool", StorageAttributes::pool)
        .tags()
        .list();
  }

  private static String pool(Item item) {
    String pool = item.objects().uuid("pool", Values.text(item.field("metadata_of_pool")));
    if (!pool.equals(Objects.NOWHERE)) {
      return pool;
    }
    try {
      String foreign = Values.text(item.ask("read_database_pool_uuid"));
      return foreign.isEmpty() ? Objects.NOWHERE : foreign;
    } catch (ApiError _) {
      return Objects.NOWHERE;
    }
  }

  static List<Attribute> vbd() {
    return Attributes.of(ApiModel.VBD)
        .show("uuid")
        .showAs("vm-uuid", "VM")
        .nameOf("vm-name-label", "VM")
        .showAs("vdi-uuid", "VDI")
        .computed(
            "vdi-name-label",
            item ->
                Values.flag(item.field("empty"))
                    ? "<EMPTY>"
                    : item.objects().name("VDI", Values.text(item.field("VDI"))))
        .set("allowed-operations", AS_THEY_ARE)
        .operations("current-operations", AS_THEY_ARE)
        .show("empty", "device")
        .edit("userdevice", "bootable")
        .edit("mode", Words.VBD_MODE)
        .edit("type", Words.VBD_TYPE)
        .edit("unpluggable")
        .show("currently-attached")
        .computed("attachable", StorageAttributes::attachable, EXPENSIVE)
        .show("storage-lock", "status-code", "status-detail")
        .editAs("qos_algorithm_type", "qos_algorithm_type")
        .editMapAs("qos_algorithm_params", "qos_algorithm_params")
        .set("qos_supported_algorithms", "qos_supported_algorithms")
        .editMap("other-config")
        .computed("io_read_kbs", item -> Rates.ofVm(item, "vbd_%s_read"), EXPENSIVE)
        .computed("io_write_kbs", item -> Rates.ofVm(item, "vbd_%s_write"), EXPENSIVE)
        .list();
  }

  private static String attachable(Item item) {
    try {
      item.ask("assert_attachable");
      return "true";
    } catch (ApiError error) {
      return "false (error: " + error.getMessage() + ")";
    }
  }

  static List<Attribute> crashdump() {
    return Attributes.of(ApiModel.CRASHDUMP)
        .show("uuid")
        .showAs("vm-uuid", "VM")
        .nameOf("vm-name-label", "VM")
        .showAs("vdi-uuid", "VDI")
        .list();
  }

  static List<Attribute> pbd() {
    return Attributes.of(ApiModel.PBD)
        .show("uuid")
        .showAs("host", "host", DEPRECATED)
        .showAs("host-uuid", "host")
        .nameOf("host-name-label", "host")
        .showAs("sr-uuid", "SR")
        .nameOf("sr-name-label", "SR")
        .map("device-config")
        .show("currently-attached")
        .editMap("other-config")
        .list();
  }

  static List<Attribute> sm() {
    return Attributes.of(ApiModel.SM)
        .show("uuid", "name-label", "name-description", "type", "vendor", "copyright")
        .show("required-api-version")
        .showAs("capabilities", "capabilities", DEPRECATED)
        .map("features")
        .show("configuration", "driver-filename")
        .list();
  }
}

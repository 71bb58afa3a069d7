package io.keelson.conformance.fuzz.make;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What parameters and fields of some names are likely to be, so that calls get somewhere. */
final class Likely {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final long MIB = 1 << 20;

  /** Keys of maps that something looks at. */
  static final List<String> KEYS =
      List.of(
          "key",
          "a",
          "order",
          "mac_seed",
          "acpi",
          "apic",
          "pae",
          "viridian",
          "videoram",
          "device-model",
          "weight",
          "cap",
          "mask",
          "disks",
          "base_template",
          "install-repository",
          "location",
          "server",
          "serverpath",
          "target",
          "targetIQN",
          "SCSIid",
          "device",
          "username",
          "password",
          "type",
          "gateway",
          "ip_begin",
          "ip_end",
          "netmask",
          "mtu",
          "kbps",
          "class",
          "sched",
          "ethtool-gro",
          "ethtool-speed",
          "hour",
          "min",
          "days",
          "SRmaster",
          "vdi:0",
          "host",
          "xenops",
          "session_id",
          "auto_poweron",
          "HideFromXenCenter",
          "XenCenter.CustomFields.a",
          "vmlinuz",
          "uuid",
          "copy_bios_strings",
          "timeoffset",
          "nested-virt",
          "cores-per-socket",
          "usb",
          "vga",
          "secureboot",
          "start",
          "destroy",
          "snapshot",
          "clean_shutdown");

  private static final List<String> ADDRESSES =
      List.of(
          "127.0.0.1:1",
          "http://127.0.0.1:1/",
          "https://127.0.0.1:1/x",
          "127.0.0.1",
          "",
          "[::1]:1",
          "[",
          "::",
          "http://",
          "ftp://127.0.0.1/",
          "file:///etc/passwd",
          "http://127.0.0.1:99999/",
          "http:// /",
          "http://a b/",
          "\u0000",
          "http://127.0.0.1:1/\r\nX: y",
          "javascript:1");

  private static final Set<String> ADDRESS =
      Set.of(
          "url",
          "wlb_url",
          "master_address",
          "address",
          "host",
          "service_name",
          "location",
          "server",
          "target",
          "auth_type");

  private static final Map<String, List<String>> STRINGS =
      Map.ofEntries(
          Map.entry(
              "type",
              List.of("lvm", "ext", "nfs", "iso", "lvmoiscsi", "udev", "file", "dummy", "smb")),
          Map.entry("content_type", List.of("", "user", "iso", "disk")),
          Map.entry("device", List.of("eth0", "eth1", "eth2", "0", "1", "2", "bond0", "xapi1")),
          Map.entry("MAC", List.of("", "02:00:00:00:00:01", "aa:bb:cc:dd:ee:ff")),
          Map.entry("IP", List.of("", "10.0.0.5", "127.0.0.1")),
          Map.entry("netmask", List.of("", "255.255.255.0", "255.0.255.0")),
          Map.entry("gateway", List.of("", "10.0.0.1", "::1")),
          Map.entry("class", List.of("VM", "vm", "pool", "task", "*")),
          Map.entry(
              "classes", List.of("VM", "vm", "pool", "task", "*", "VM/@{ref:VM:1}", "nothing")),
          Map.entry("token", List.of("", "0", "1,0", "00000000000000000001,00000000000000000000")),
          Map.entry(
              "expr",
              List.of(
                  "true",
                  "field \"uuid\" = \"@{uuid:VM:0}\"",
                  "not (true and false)",
                  "field \"name__label\" = \"fuzz\" or true",
                  "field",
                  "(((")),
          Map.entry("edition", List.of("free", "enterprise", "")),
          Map.entry(
              "key",
              List.of(
                  "key",
                  "a",
                  "weight",
                  "cap",
                  "mask",
                  "location",
                  "min",
                  "hour",
                  "days",
                  "s",
                  "h")),
          Map.entry(
              "name",
              List.of("fuzz", "gro", "ethtool-gro", "updelay", "a.pem", "../a", "VM_STARTED")),
          Map.entry("value", List.of("value", "on", "off", "1", "fuzz", "10.0.0.1", "::1")),
          Map.entry(
              "data_source",
              List.of("cpu0", "memory", "memory_total_kib", "read_latency", "loadavg")),
          Map.entry("trigger", List.of("nmi", "power", "reset", "s3resume")),
          Map.entry("interface", List.of("eth0", "lo")),
          Map.entry("ha_restart_priority", List.of("", "restart", "best-effort")),
          Map.entry(
              "filename",
              List.of("/etc/passwd", "/nothing", "relative", "/dev/null", "/proc/self/mem")),
          Map.entry("mime_type", List.of("", "text/plain", "a\r\nb")),
          Map.entry("plugin", List.of("main", "conversion", "../x")),
          Map.entry("fn", List.of("main", "run")),
          Map.entry("priority", List.of("1", "5")),
          Map.entry("keys", List.of("h", "")),
          Map.entry("hostname", List.of("fuzz", "a.b", "-", "a b")),
          Map.entry("power_on_mode", List.of("", "wake-on-lan", "DRAC", "plugin")));

  private Likely() {}

  static boolean isWait(String name) {
    return name.equals("timeout")
        || name.equals("delay")
        || name.equals("seconds")
        || name.contains("_delay");
  }

  static boolean isAddress(String name) {
    return ADDRESS.contains(name);
  }

  /** Nothing but this machine, where nobody listens. */
  static String address(Dice dice) {
    return dice.of(ADDRESSES);
  }

  static Optional<String> string(String name, Dice dice) {
    if (name.contains("name") || name.contains("label") || name.contains("originator")) {
      return Optional.of("fuzz" + dice.below(100));
    }
    return Optional.ofNullable(STRINGS.get(name)).map(dice::of);
  }

  static Optional<JsonNode> none() {
    return Optional.empty();
  }

  /** Of an object that is made: what it takes to be made. */
  static Optional<JsonNode> field(String apiClass, String name, Dice dice) {
    if (name.startsWith("memory_")) {
      return Optional.of(NODES.numberNode((name.contains("min") ? 32 : 64) * MIB));
    }
    return switch (apiClass + "." + name) {
      case "VM.affinity", "VM.appliance", "VM.protection_policy", "VM.suspend_SR" ->
          text("OpaqueRef:NULL");
      case "VM.VCPUs_max" -> Optional.of(NODES.numberNode(2));
      case "VM.VCPUs_at_startup" -> Optional.of(NODES.numberNode(1));
      case "VM.HVM_boot_policy" -> text("BIOS order");
      case "VM.HVM_shadow_multiplier" -> Optional.of(NODES.numberNode(1.0));
      case "VM.ha_restart_priority", "VM.generation_id", "VM.PV_bootloader", "VM.PV_kernel" ->
          text("");
      case "VM.is_a_template" -> Optional.of(NODES.booleanNode(dice.oneIn(6)));
      case "VM.blocked_operations", "VM.platform", "VM.VCPUs_params" ->
          Optional.of(NODES.objectNode());
      case "VDI.virtual_size" -> Optional.of(NODES.numberNode((1L + dice.below(4)) * MIB));
      case "VDI.type" -> text("user");
      case "VDI.SR" -> text("@{ref:SR:" + dice.below(8) + "}");
      case "VDI.sharable", "VDI.read_only" -> Optional.of(NODES.booleanNode(dice.oneIn(8)));
      case "VBD.userdevice", "VIF.device" -> text(Integer.toString(dice.below(8)));
      case "VBD.VM", "VIF.VM" -> text("@{made:VM:" + dice.below(40) + "}");
      case "VBD.VDI" -> text("@{made:VDI:" + dice.below(40) + "}");
      case "VBD.type" -> text("Disk");
      case "VBD.mode" -> text("RW");
      case "VBD.empty" -> Optional.of(NODES.booleanNode(false));
      case "VIF.network" -> text("@{ref:network:" + dice.below(8) + "}");
      case "VIF.MAC", "VBD.qos_algorithm_type", "VIF.qos_algorithm_type" -> text("");
      case "VIF.MTU", "network.MTU" -> Optional.of(NODES.numberNode(1500));
      case "VIF.locking_mode" -> text("network_default");
      case "VIF.ipv4_allowed", "VIF.ipv6_allowed" -> Optional.of(NODES.arrayNode());
      case "PBD.host" -> text("@{ref:host:" + dice.below(3) + "}");
      case "PBD.SR" -> text("@{ref:SR:" + dice.below(8) + "}");
      default ->
          name.toLowerCase(Locale.ROOT).contains("label") ? text("fuzz" + dice.below(100)) : none();
    };
  }

  private static Optional<JsonNode> text(String text) {
    return Optional.of(NODES.stringNode(text));
  }
}

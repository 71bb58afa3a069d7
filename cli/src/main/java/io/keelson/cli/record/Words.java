package io.keelson.cli.record;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How the command line spells values of enums where the API spells them otherwise.
 *
 * @param shown by what the API says
 * @param meant what the API calls what is typed, in lower case
 */
record Words(Map<String, String> shown, Map<String, String> meant) {
  static final Words POWER_STATE =
      of("Halted", "halted", "Paused", "paused", "Running", "running", "Suspended", "suspended");
  static final Words NORMAL_EXIT = typedAsInTheApi("destroy", "Destroy", "restart", "Restart");
  static final Words CRASH =
      typedAsInTheApi(
          "destroy", "Destroy",
          "coredump_and_destroy", "Core dump and destroy",
          "restart", "Restart",
          "coredump_and_restart", "Core dump and restart",
          "preserve", "Preserve",
          "rename_restart", "Rename restart");
  static final Words VDI_TYPE =
      of(
          "system", "System",
          "user", "User",
          "ephemeral", "Ephemeral",
          "suspend", "Suspend",
          "crashdump", "Crashdump",
          "ha_statefile", "HA statefile",
          "metadata", "Metadata",
          "redo_log", "Redo log");
  static final Words VBD_MODE = of("RO", "RO", "RW", "RW");
  static final Words VBD_TYPE = of("CD", "CD", "Disk", "Disk");
  static final Words PROTOCOL = of("vt100", "VT100", "rfb", "RFB", "rdp", "RDP");
  static final Words ALLOCATION =
      of("breadth_first", "breadth-first", "depth_first", "depth-first");
  static final Words HOST_OPERATION =
      of("vm_start", "VM.start", "vm_resume", "VM.resume", "vm_migrate", "VM.migrate");
  static final Words SR_OPERATION =
      of(
          "vdi_create", "VDI.create",
          "vdi_introduce", "VDI.introduce",
          "vdi_destroy", "VDI.destroy",
          "vdi_resize", "VDI.resize",
          "vdi_clone", "VDI.clone",
          "vdi_snapshot", "VDI.snapshot",
          "pbd_create", "PBD.create",
          "pbd_destroy", "PBD.destroy");
  static final Words VM_OPERATION =
      of("assert_operation_valid", "assertoperationvalid", "data_source_op", "data_sources_op");
  static final Words TASK_OPERATION = of("cancel", "Cancel", "destroy", "Destroy");

  Words {
    shown = Map.copyOf(shown);
    meant = Map.copyOf(meant);
  }

  /** What is typed is what is shown, whatever its capitals. */
  private static Words of(String... pairs) {
    Map<String, String> shown = new HashMap<>();
    Map<String, String> meant = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      shown.put(pairs[i], pairs[i + 1]);
      meant.put(pairs[i + 1].toLowerCase(Locale.ROOT), pairs[i]);
    }
    return new Words(shown, meant);
  }

  /** What is typed is the API's own word, whatever its capitals. */
  private static Words typedAsInTheApi(String... pairs) {
    Map<String, String> shown = new HashMap<>();
    Map<String, String> meant = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      shown.put(pairs[i], pairs[i + 1]);
      meant.put(pairs[i].toLowerCase(Locale.ROOT), pairs[i]);
    }
    return new Words(shown, meant);
  }

  String show(String api) {
    return shown.getOrDefault(api, api);
  }

  /** What the API calls it; a word that is not known goes to the API as it is, which says so. */
  String mean(String typed) {
    return meant.getOrDefault(typed.toLowerCase(Locale.ROOT), typed);
  }
}

package io.keelson.control.task;

import java.util.Set;

/**
 * The messages whose work can be ended early: those that wait for a guest or another program, or
 * move much data.
 */
final class Cancellable {
  /** What the name of an asynchronous call's task begins with. */
  static final String ASYNC = "Async.";

  private static final Set<String> MESSAGES =
      Set.of(
          "VM.clean_shutdown",
          "VM.clean_reboot",
          "VM.shutdown",
          "VM.copy",
          "VM.checkpoint",
          "VM.import",
          "VM.call_plugin",
          "VM.import_convert",
          "VM.query_services",
          "host.call_plugin",
          "host.evacuate",
          "VM.pool_migrate",
          "VM.migrate_send",
          "VDI.copy",
          "Garbage Collection",
          "host_crashdump.upload",
          "VDI.pool_migrate");

  private Cancellable() {}

  /**
   * @param label of the task: the message's name, or what the server calls work of its own
   */
  static boolean includes(String label) {
    return MESSAGES.contains(label.startsWith(ASYNC) ? label.substring(ASYNC.length()) : label);
  }
}

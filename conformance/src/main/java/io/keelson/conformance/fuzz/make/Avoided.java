package io.keelson.conformance.fuzz.make;

import java.util.Set;

/** What a run must not do to the server that it needs, or it would measure nothing afterwards. */
final class Avoided {
  /**
   * Called with names of nothing alone: they end the server, its pool, its hosts or the run's own
   * sessions, or keep a figure as told that the check of the store holds against the disks.
   */
  private static final Set<String> IN_EARNEST =
      Set.of(
          "session.logout",
          "session.local_logout",
          "session.change_password",
          "session.logout_subject_identifier",
          "host.enable_external_auth",
          "host.disable_external_auth",
          "pool.enable_external_auth",
          "pool.disable_external_auth",
          "host.shutdown_agent",
          "host.restart_agent",
          "host.shutdown",
          "host.reboot",
          "host.destroy",
          "host.declare_dead",
          "host.management_reconfigure",
          "host.local_management_reconfigure",
          "host.management_disable",
          "host.emergency_ha_disable",
          "pool.eject",
          "pool.join",
          "pool.join_force",
          "pool.emergency_reset_master",
          "pool.emergency_transition_to_master",
          "pool.designate_new_master",
          "pool.recover_slaves",
          "user.destroy",
          "user.set_short_name",
          "SR.set_virtual_allocation");

  /** Called with what the run has made, and never with what was there before it. */
  private static final Set<String> ON_OWN =
      Set.of(
          "VM.destroy",
          "VDI.destroy",
          "VDI.forget",
          "VDI.db_forget",
          "SR.destroy",
          "SR.forget",
          "PBD.destroy",
          "network.destroy",
          "PIF.forget",
          "PIF.db_forget",
          "PIF.destroy",
          "Bond.create",
          "subject.add_to_roles",
          "subject.remove_from_roles",
          "subject.destroy",
          "secret.destroy",
          "secret.set_value",
          "GPU_group.destroy");

  private Avoided() {}

  static boolean inEarnest(String message) {
    return IN_EARNEST.contains(message);
  }

  static boolean onOthers(String message) {
    return ON_OWN.contains(message);
  }
}

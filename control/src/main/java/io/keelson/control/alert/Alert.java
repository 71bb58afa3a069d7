package io.keelson.control.alert;

/**
 * The alerts that the product raises itself; their names are what message.name has. Priorities run
 * from 1 (data may be lost) to 5 (everyday news).
 */
public enum Alert {
  /** A value has been beyond a limit that other_config:perfmon sets; that says its priority. */
  ALARM(3),
  AUTH_EXTERNAL_POOL_NON_HOMOGENEOUS(2),
  BOND_STATUS_CHANGED(3),
  HA_HOST_FAILED(1),
  HA_POOL_DROP_IN_PLAN_EXISTS_FOR(1),
  HA_POOL_OVERCOMMITTED(1),
  HA_PROTECTED_VM_RESTART_FAILED(1),
  HA_STATEFILE_LOST(1),
  PBD_PLUG_FAILED_ON_SERVER_START(3),
  REDO_LOG_BROKEN(1),
  REDO_LOG_HEALTHY(4),
  VM_CLONED(5),
  VM_CRASHED(2),
  VM_REBOOTED(5),
  VM_RESUMED(5),
  VM_SHUTDOWN(5),
  VM_STARTED(5),
  VM_SUSPENDED(5),
  WLB_CONSULTATION_FAILED(3);

  private final long priority;

  Alert(long priority) {
    this.priority = priority;
  }

  /** How pressing it is. */
  public long priority() {
    return priority;
  }
}

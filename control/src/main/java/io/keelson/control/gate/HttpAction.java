package io.keelson.control.gate;

import io.keelson.api.AccessRole;
import java.util.Arrays;
import java.util.Locale;

/** What can be done over HTTP besides calling messages, and the least role that may. */
public enum HttpAction {
  PUT_IMPORT(AccessRole.VM_ADMIN),
  PUT_IMPORT_METADATA(AccessRole.VM_ADMIN),
  PUT_IMPORT_RAW_VDI(AccessRole.VM_ADMIN),
  GET_EXPORT(AccessRole.VM_ADMIN),
  GET_EXPORT_METADATA(AccessRole.VM_ADMIN),
  GET_EXPORT_RAW_VDI(AccessRole.VM_ADMIN),
  /** Commands of xe, each of which logs in by itself. */
  POST_CLI(AccessRole.READ_ONLY),
  CONNECT_CONSOLE(AccessRole.VM_OPERATOR),
  /** The console of a host's own system. */
  CONNECT_HOST_CONSOLE(AccessRole.POOL_ADMIN),
  GET_VNCSNAPSHOT(AccessRole.VM_OPERATOR),
  GET_HOST_BACKUP(AccessRole.POOL_ADMIN),
  PUT_HOST_RESTORE(AccessRole.POOL_ADMIN),
  GET_HOST_LOGS_DOWNLOAD(AccessRole.POOL_OPERATOR),
  GET_SYSTEM_STATUS(AccessRole.POOL_OPERATOR),
  PUT_POOL_PATCH_UPLOAD(AccessRole.POOL_OPERATOR),
  GET_POOL_PATCH_DOWNLOAD(AccessRole.POOL_OPERATOR),
  GET_POOL_XML_DB_SYNC(AccessRole.POOL_ADMIN),
  PUT_POOL_XML_DB_SYNC(AccessRole.POOL_ADMIN),
  GET_VM_RRD(AccessRole.READ_ONLY),
  GET_HOST_RRD(AccessRole.READ_ONLY),
  GET_SR_RRD(AccessRole.READ_ONLY),
  /** What is counted and measured, for Prometheus. */
  GET_METRICS(AccessRole.READ_ONLY),
  /** Whether the server's parts do what they are there for. */
  GET_HEALTH(AccessRole.READ_ONLY),
  GET_RRD_UPDATES(AccessRole.READ_ONLY),
  GET_BLOB(AccessRole.READ_ONLY),
  PUT_BLOB(AccessRole.VM_POWER_ADMIN),
  PUT_MESSAGES(AccessRole.VM_POWER_ADMIN),
  GET_WLB_REPORT(AccessRole.READ_ONLY),
  GET_WLB_DIAGNOSTICS(AccessRole.READ_ONLY),
  GET_AUDIT_LOG(AccessRole.READ_ONLY),
  /** Whether the objects contradict each other; for who may see all of them. */
  GET_CONSISTENCY(AccessRole.POOL_ADMIN);

  private final AccessRole role;

  HttpAction(AccessRole role) {
    this.role = role;
  }

  /**
   * The action of a permission.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static HttpAction of(String permission) {
    return Arrays.stream(values())
        .filter(a -> a.permission().equals(permission))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(permission));
  }

  public AccessRole role() {
    return role;
  }

  public String permission() {
    return switch (this) {
      case CONNECT_HOST_CONSOLE -> "http/connect_console/host_console";
      default -> "http/" + name().toLowerCase(Locale.ROOT);
    };
  }
}

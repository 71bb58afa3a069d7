package io.keelson.control.gate;

import io.keelson.api.Value;
import io.keelson.control.session.LiveSession;
import io.keelson.control.session.Permissions;
import java.util.List;

/** Which permissions a call needs, from what it says. */
@FunctionalInterface
public interface Guard {

  /**
   * @param arguments the session aside, known to be of the right types
   * @throws io.keelson.api.ApiError RBAC_PERMISSION_DENIED
   */
  void check(LiveSession session, List<Value> arguments, Permissions permissions);

  /** Needs the message's own permission, whatever the arguments. */
  static Guard permission(String permission) {
    return (session, _, permissions) -> permissions.require(session, permission);
  }
}

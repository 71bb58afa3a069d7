package io.keelson.control.database;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.control.session.LiveSession;
import io.keelson.control.session.Permissions;
import io.keelson.control.session.Sessions;
import java.util.function.Supplier;

/**
 * The session in whose name VMs are recovered: one of this pool.
 *
 * @param permissions asked for once all messages are known
 */
record RecoveryTarget(Sessions sessions, Supplier<Permissions> permissions) {
  /** To bring VMs in is to import them. */
  private static final String IMPORT = "http/put_import_metadata";

  /**
   * @throws io.keelson.api.ApiError HANDLE_INVALID for what is no session, or one that shows a
   *     database itself
   */
  LiveSession require(Ref<Session> ref) {
    return sessions
        .find(ref)
        .filter(session -> !session.local() && session.database().isEmpty())
        .orElseThrow(() -> ApiErrors.handleInvalid(ApiModel.SESSION.name(), ref.text()));
  }

  /**
   * @throws io.keelson.api.ApiError HANDLE_INVALID, RBAC_PERMISSION_DENIED
   */
  void requireImport(Ref<Session> ref) {
    permissions.get().require(require(ref), IMPORT);
  }
}

package io.keelson.control.task;

import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;
import io.keelson.control.session.LiveSession;
import io.keelson.control.session.Permissions;
import io.keelson.control.session.Sessions;
import java.util.function.Supplier;

/**
 * Whose a task is: the caller's own when a session of the same user made it.
 *
 * @param permissions asked for once all messages are known
 */
record TaskOwners(Sessions sessions, Supplier<Permissions> permissions) {

  /**
   * @throws io.keelson.api.ApiError RBAC_PERMISSION_DENIED, SESSION_INVALID
   */
  void requireOwn(Ref<Session> caller, Task task) {
    LiveSession live = sessions.require(caller.text());
    if (!isOwn(live, task)) {
      permissions.get().require(live, Permissions.TASK_DESTROY_ANY);
    }
  }

  boolean isOwn(LiveSession caller, Task task) {
    return task.session().equals(caller.ref())
        || sessions
            .find(task.session())
            .filter(m -> m.userName().equals(caller.userName()) && !m.userName().isEmpty())
            .isPresent();
  }
}

package io.keelson.control.task;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.TaskMessages;
import io.keelson.control.session.Permissions;
import io.keelson.control.session.Sessions;
import io.keelson.store.Store;
import java.util.List;
import java.util.function.Supplier;

/** The messages about tasks. */
public final class TaskHandlers {
  private TaskHandlers() {}

  /**
   * @param permissions asked for once all messages are known
   */
  public static List<BoundMessage> all(
      Store store,
      TaskRows rows,
      Tasks tasks,
      Sessions sessions,
      Supplier<Permissions> permissions) {
    TaskOwners owners = new TaskOwners(sessions, permissions);
    return TaskMessages.bind(new TaskMessagesHandler(store, rows, tasks, owners));
  }
}

package io.keelson.control.task;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.TaskMessages;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;
import io.keelson.api.model.TaskAllowedOperations;
import io.keelson.api.model.TaskStatusType;
import io.keelson.control.session.LiveSession;
import io.keelson.control.session.Permissions;
import io.keelson.control.session.Sessions;
import io.keelson.store.Store;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Making, cancelling and destroying tasks. */
final class TaskMessagesHandler implements TaskMessages {
  private final Store store;
  private final TaskRows rows;
  private final Tasks tasks;
  private final Sessions sessions;
  private final Supplier<Permissions> permissions;

  TaskMessagesHandler(
      Store store,
      TaskRows rows,
      Tasks tasks,
      Sessions sessions,
      Supplier<Permissions> permissions) {
    this.store = store;
    this.rows = rows;
    this.tasks = tasks;
    this.sessions = sessions;
    this.permissions = permissions;
  }

  @Override
  public Ref<Task> create(Call call, String label, String description) {
    return store.transact(tx -> rows.openForClient(tx, label, description, call.session()));
  }

  /** The work is told, and the task then ends by itself, cancelled or not. */
  @Override
  public void cancel(Call call, Ref<Task> ref) {
    store.change(tx -> {
      Task task = tx.get(ApiModel.TASK, ref);
      requireOwn(call, task);
      if (TaskStates.hasEnded(task.status())) {
        throw ApiErrors.operationNotAllowed("The task has ended already");
      }
      if (!Cancellable.includes(task.nameLabel()) || !tasks.isRunning(ref)) {
        throw ApiErrors.operationNotAllowed("The task cannot be cancelled");
      }
      tx.update(
          ApiModel.TASK,
          ref,
          t ->
              t.with(b ->
                  b.status(TaskStatusType.CANCELLING)
                      .currentOperations(plus(t, call, TaskAllowedOperations.CANCEL))));
    });
    tasks.cancel(ref);
  }

  @Override
  public void destroy(Call call, Ref<Task> ref) {
    store.change(tx -> {
      Task task = tx.get(ApiModel.TASK, ref);
      requireOwn(call, task);
      if (!TaskStates.hasEnded(task.status()) && tasks.isRunning(ref)) {
        tx.update(
            ApiModel.TASK,
            ref,
            t -> t.with(b -> b.currentOperations(plus(t, call, TaskAllowedOperations.DESTROY))));
      } else {
        TaskRows.remove(tx, ref);
      }
    });
  }

  /** A task is the caller's own when a session of the same user made it. */
  private void requireOwn(Call call, Task task) {
    LiveSession caller = sessions.require(call.session().text());
    if (!isOwn(caller, task.session())) {
      permissions.get().require(caller, Permissions.TASK_DESTROY_ANY);
    }
  }

  private boolean isOwn(LiveSession caller, Ref<Session> maker) {
    return maker.equals(caller.ref())
        || sessions
            .find(maker)
            .filter(m -> m.userName().equals(caller.userName()) && !m.userName().isEmpty())
            .isPresent();
  }

  private static Map<String, TaskAllowedOperations> plus(
      Task task, Call call, TaskAllowedOperations operation) {
    Map<String, TaskAllowedOperations> map = new LinkedHashMap<>(task.currentOperations());
    map.put(call.task().text(), operation);
    return Map.copyOf(map);
  }
}

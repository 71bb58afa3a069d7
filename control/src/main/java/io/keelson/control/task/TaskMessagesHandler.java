package io.keelson.control.task;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.TaskMessages;
import io.keelson.api.model.Task;
import io.keelson.api.model.TaskAllowedOperations;
import io.keelson.api.model.TaskStatusType;
import io.keelson.store.Store;
import java.util.LinkedHashMap;
import java.util.Map;

/** Making, cancelling and destroying tasks. */
final class TaskMessagesHandler implements TaskMessages {
  private final Store store;
  private final TaskRows rows;
  private final Tasks tasks;
  private final TaskOwners owners;

  TaskMessagesHandler(Store store, TaskRows rows, Tasks tasks, TaskOwners owners) {
    this.store = store;
    this.rows = rows;
    this.tasks = tasks;
    this.owners = owners;
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
      owners.requireOwn(call.session(), task);
      if (TaskStates.hasEnded(task.status())) {
        throw ApiErrors.operationNotAllowed("The task has ended already");
      }
      if (!TaskStates.isCancellable(task) || !tasks.isRunning(ref)) {
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
      owners.requireOwn(call.session(), task);
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

  private static Map<String, TaskAllowedOperations> plus(
      Task task, Call call, TaskAllowedOperations operation) {
    Map<String, TaskAllowedOperations> map = new LinkedHashMap<>(task.currentOperations());
    map.put(call.task().text(), operation);
    return Map.copyOf(map);
  }
}

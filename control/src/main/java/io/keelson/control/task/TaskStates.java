package io.keelson.control.task;

import io.keelson.api.model.Task;
import io.keelson.api.model.TaskStatusType;

/** What a task's status means. */
final class TaskStates {
  private TaskStates() {}

  /** Whether the work that the task follows can end early, while it runs. */
  static boolean isCancellable(Task task) {
    return task.transfer() || Cancellable.includes(task.nameLabel());
  }

  static boolean hasEnded(TaskStatusType status) {
    return switch (status) {
      case PENDING, CANCELLING -> false;
      case SUCCESS, FAILURE, CANCELLED -> true;
    };
  }
}

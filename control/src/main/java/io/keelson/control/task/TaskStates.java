package io.keelson.control.task;

import io.keelson.api.model.TaskStatusType;

/** What a task's status means. */
final class TaskStates {
  private TaskStates() {}

  static boolean hasEnded(TaskStatusType status) {
    return switch (status) {
      case PENDING, CANCELLING -> false;
      case SUCCESS, FAILURE, CANCELLED -> true;
    };
  }
}

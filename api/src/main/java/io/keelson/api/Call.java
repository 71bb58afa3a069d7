package io.keelson.api;

import io.keelson.api.model.Session;
import io.keelson.api.model.Task;

/** One call of a message, as its handler sees it: who calls, and how the work is followed. */
public interface Call {

  /** The message called. */
  MessageSpec message();

  /** The caller's session; the null reference for a message that needs none. */
  Ref<Session> session();

  /** The task that follows this call. Its object exists once the call has claimed something. */
  Ref<Task> task();

  /** The task of the larger call that this one is a part of; the null reference for a whole one. */
  default Ref<Task> partOf() {
    return Ref.none();
  }

  /** Who the connection says it is, for logs and limits. */
  String peer();

  /** Whether it comes from an administrator of the machine, for whom the system itself vouches. */
  default boolean fromAdministrator() {
    return false;
  }

  /**
   * Tells the task how far the work is.
   *
   * @param fraction from 0 to 1
   */
  void progress(double fraction);

  /**
   * Whether the task was asked to end early; work that can stop should then raise TASK_CANCELLED.
   */
  boolean cancelled();
}

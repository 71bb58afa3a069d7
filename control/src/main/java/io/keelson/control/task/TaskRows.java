package io.keelson.control.task;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;
import io.keelson.api.model.TaskFields;
import io.keelson.api.model.TaskStatusType;
import io.keelson.store.Transaction;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** The task objects of calls, written inside the transactions of their operations. */
public final class TaskRows {
  private final Clock clock;
  private final Function<Reply, String> resultText;

  /**
   * @param resultText a reply as task.result shows it
   */
  public TaskRows(Clock clock, Function<Reply, String> resultText) {
    this.clock = clock;
    this.resultText = resultText;
  }

  /** Makes the task of an asynchronous call. */
  public void open(Transaction tx, Ref<Task> task, String label, Ref<Session> session) {
    tx.create(ApiModel.TASK, task, fresh(label, session, false));
  }

  /** Makes the task of a synchronous call where the call has none yet. */
  public void begin(Transaction tx, Call call) {
    if (tx.find(ApiModel.TASK, call.task()).isEmpty()) {
      String label = call.message().wireName();
      tx.create(ApiModel.TASK, call.task(), fresh(label, call.session(), true));
    }
  }

  /** Ends the call's task well. */
  public void succeed(Transaction tx, Call call, Reply reply) {
    finish(tx, call.task(), b -> b.status(TaskStatusType.SUCCESS).result(resultText.apply(reply)));
  }

  /** Ends the call's task with an error; a cancelled one ends as cancelled. */
  public void fail(Transaction tx, Call call, ApiError error) {
    fail(tx, call.task(), error);
  }

  /** {@link #fail} for a task whose call is no longer there. */
  public void fail(Transaction tx, Ref<Task> task, ApiError error) {
    TaskStatusType status =
        switch (error.code()) {
          case TASK_CANCELLED -> TaskStatusType.CANCELLED;
          default -> TaskStatusType.FAILURE;
        };
    finish(tx, task, b -> b.status(status).errorInfo(error.description()));
  }

  private void finish(Transaction tx, Ref<Task> task, Consumer<Task.Builder> outcome) {
    if (tx.find(ApiModel.TASK, task).isEmpty()) {
      return;
    }
    if (tx.get(ApiModel.TASK, task).synchronous()) {
      tx.delete(ApiModel.TASK, task);
      return;
    }
    tx.update(ApiModel.TASK, task, t -> t.with(b -> outcome.accept(b.finished(now()))));
  }

  private Task fresh(String label, Ref<Session> session, boolean synchronous) {
    return TaskFields.API_CLASS
        .blank()
        .with(b ->
            b.uuid(UUID.randomUUID().toString())
                .nameLabel(label)
                .created(now())
                .status(TaskStatusType.PENDING)
                .type("<none/>")
                .session(session)
                .synchronous(synchronous));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}

package io.keelson.control.task;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;
import io.keelson.api.model.TaskAllowedOperations;
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

  /** A reply as task.result shows it. */
  public String text(Reply reply) {
    return resultText.apply(reply);
  }

  /** Makes the task of an asynchronous call. */
  public void open(Transaction tx, Ref<Task> task, String label, Ref<Session> session) {
    tx.create(ApiModel.TASK, task, fresh(tx, label, session));
  }

  /** Makes the task of a call that another makes as a part of its work. */
  public void openPart(Transaction tx, Call call) {
    Task task = fresh(tx, call.message().wireName(), call.session());
    Ref<Task> whole = present(tx, call.partOf());
    tx.create(ApiModel.TASK, call.task(), task.with(b -> b.subtaskOf(whole)));
  }

  /** Makes the task of a synchronous call where the call has none yet. */
  public void begin(Transaction tx, Call call) {
    if (tx.find(ApiModel.TASK, call.task()).isEmpty()) {
      Task task = fresh(tx, call.message().wireName(), call.session());
      Ref<Task> whole = present(tx, call.partOf());
      tx.create(ApiModel.TASK, call.task(), task.with(b -> b.synchronous(true).subtaskOf(whole)));
    }
  }

  /** Makes a task that a client reports its own work through. */
  Ref<Task> openForClient(Transaction tx, String label, String description, Ref<Session> session) {
    Task task = fresh(tx, label, session);
    return tx.create(
        ApiModel.TASK, task.with(b -> b.nameDescription(description).clientMade(true)));
  }

  /** Makes the task of a file transfer whose client names none. */
  void openForTransfer(
      Transaction tx, Ref<Task> task, String label, Ref<Session> session, Ref<Task> parent) {
    Ref<Task> whole = present(tx, parent);
    tx.create(
        ApiModel.TASK,
        task,
        fresh(tx, label, session).with(b -> b.transfer(true).subtaskOf(whole)));
  }

  private static Ref<Task> present(Transaction tx, Ref<Task> task) {
    return tx.find(ApiModel.TASK, task).isPresent() ? task : Ref.none();
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

  /** Removes a task; its subtasks stay, as nobody's. */
  static void remove(Transaction tx, Ref<Task> task) {
    tx.get(ApiModel.TASK, task)
        .subtasks()
        .forEach(s -> tx.update(ApiModel.TASK, s, t -> t.with(b -> b.subtaskOf(Ref.none()))));
    tx.delete(ApiModel.TASK, task);
  }

  /** A task that has ended already, or is gone, is left as it is. */
  private void finish(Transaction tx, Ref<Task> ref, Consumer<Task.Builder> outcome) {
    if (tx.find(ApiModel.TASK, ref).isEmpty()) {
      return;
    }
    Task task = tx.get(ApiModel.TASK, ref);
    if (TaskStates.hasEnded(task.status())) {
      return;
    }
    if (task.synchronous()
        || task.currentOperations().containsValue(TaskAllowedOperations.DESTROY)) {
      remove(tx, ref);
      return;
    }
    tx.update(ApiModel.TASK, ref, t -> t.with(b -> outcome.accept(b.finished(now()))));
  }

  /** The session may have ended since it made the call; the task is then nobody's. */
  private Task fresh(Transaction tx, String label, Ref<Session> session) {
    Ref<Session> owner =
        tx.find(ApiModel.SESSION, session).isPresent() ? session : Ref.<Session>none();
    return TaskFields.API_CLASS
        .blank()
        .with(b ->
            b.uuid(UUID.randomUUID().toString())
                .nameLabel(label)
                .created(now())
                .status(TaskStatusType.PENDING)
                .type("<none/>")
                .session(owner));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}

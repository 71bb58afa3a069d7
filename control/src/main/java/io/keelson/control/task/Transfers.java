package io.keelson.control.task;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.MessageSpec;
import io.keelson.api.Origin;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;
import io.keelson.control.session.LiveSession;
import io.keelson.control.session.Permissions;
import io.keelson.control.session.Sessions;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Runs file transfers: each is followed by a task, the client's own or a new one. */
public final class Transfers {
  private final Store store;
  private final TaskRows rows;
  private final Tasks tasks;
  private final TaskOwners owners;

  /**
   * @param permissions asked for once all messages are known
   */
  public Transfers(
      Store store,
      TaskRows rows,
      Tasks tasks,
      Sessions sessions,
      Supplier<Permissions> permissions) {
    this.store = store;
    this.rows = rows;
    this.tasks = tasks;
    this.owners = new TaskOwners(sessions, permissions);
  }

  /**
   * A transfer that a client asks for.
   *
   * @param label of a new task
   * @param task that the client made for it
   * @param parent of a new task
   * @param cut ends the connection, so that whoever waits for the client goes on
   */
  public record Request(
      String label,
      Ref<Session> session,
      String peer,
      Optional<Ref<Task>> task,
      Optional<Ref<Task>> parent,
      Runnable cut) {}

  /**
   * Does the work on this thread, and ends the task with its outcome where the work has not done so
   * itself.
   *
   * @throws ApiError HANDLE_INVALID, OPERATION_NOT_ALLOWED, RBAC_PERMISSION_DENIED for a task that
   *     cannot follow it, and whatever ends the work
   */
  public Reply run(Request request, Function<Call, Reply> work) {
    MessageSpec message =
        new MessageSpec(
            "http",
            request.label(),
            List.of(),
            Optional.empty(),
            true,
            false,
            MessageSpec.Status.CURRENT);
    Ref<Task> task = request.task().orElseGet(Ref::fresh);
    RunningCall call = tasks.call(message, request.session(), task, Origin.of(request.peer()));
    call.whenCancelled(request.cut());
    if (!tasks.register(call)) {
      throw ApiErrors.operationNotAllowed("The task follows other work already");
    }
    try {
      store.change(tx -> {
        if (request.task().isPresent()) {
          adopt(tx, request, task);
        } else {
          rows.openForTransfer(
              tx,
              task,
              request.label(),
              request.session(),
              request.parent().orElseGet(Ref::<Task>none));
        }
      });
    } catch (RuntimeException refused) {
      tasks.unregister(call);
      throw refused;
    }
    return tasks.follow(call, work);
  }

  private void adopt(Transaction tx, Request request, Ref<Task> ref) {
    Task task = tx.get(ApiModel.TASK, ref);
    owners.requireOwn(request.session(), task);
    if (TaskStates.hasEnded(task.status())) {
      throw ApiErrors.operationNotAllowed("The task has ended already");
    }
    if (!task.clientMade()) {
      throw ApiErrors.operationNotAllowed("The task is not one that a client made");
    }
    tx.update(ApiModel.TASK, ref, t -> t.with(b -> b.transfer(true)));
  }

  /** Ends the task that a caller made for a transfer which the caller's role forbids. */
  public void refuse(LiveSession caller, Ref<Task> ref, ApiError why) {
    store.change(tx -> {
      boolean waits =
          tx.find(ApiModel.TASK, ref)
              .filter(t -> t.clientMade() && owners.isOwn(caller, t))
              .isPresent();
      if (waits && !tasks.isRunning(ref)) {
        rows.fail(tx, ref, why);
      }
    });
  }
}

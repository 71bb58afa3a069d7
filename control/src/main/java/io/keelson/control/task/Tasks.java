package io.keelson.control.task;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.BoundMessage;
import io.keelson.api.Call;
import io.keelson.api.MessageSpec;
import io.keelson.api.Origin;
import io.keelson.api.Ref;
import io.keelson.api.Reply;
import io.keelson.api.messages.TaskMessages;
import io.keelson.api.model.Session;
import io.keelson.api.model.Task;
import io.keelson.control.operation.Failures;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs calls: those that a caller waits for, and those that a task follows. */
public final class Tasks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);
  private static final int MOST_RUNNING = 10_000;

  private final Store store;
  private final TaskRows rows;
  private final Map<Ref<Task>, RunningCall> running = new ConcurrentHashMap<>();
  private final Map<Ref<Task>, Thread> threads = new ConcurrentHashMap<>();

  public Tasks(Store store, TaskRows rows) {
    this.store = store;
    this.rows = rows;
  }

  /** Runs a call whose caller waits. */
  public Reply run(
      MessageSpec message, Ref<Session> session, Origin origin, BoundMessage.Invocation body) {
    RunningCall call = new RunningCall(message, session, origin, this::show);
    if (!message.async()) {
      return body.run(call);
    }
    running.put(call.task(), call);
    try {
      return body.run(call);
    } finally {
      running.remove(call.task());
    }
  }

  /**
   * Starts a call that a task follows.
   *
   * @return its task, which exists by now
   * @throws ApiError TOO_MANY_PENDING_TASKS
   */
  public Ref<Task> start(
      MessageSpec message, Ref<Session> session, Origin origin, BoundMessage.Invocation body) {
    if (threads.size() >= MOST_RUNNING) {
      throw ApiErrors.tooManyPendingTasks();
    }
    RunningCall call = new RunningCall(message, session, origin, this::show);
    String label = Cancellable.ASYNC + message.wireName();
    running.put(call.task(), call);
    try {
      store.change(tx -> rows.open(tx, call.task(), label, session));
    } catch (RuntimeException e) {
      running.remove(call.task());
      throw e;
    }
    Thread thread = Thread.ofVirtual().name(label).unstarted(() -> followToItsEnd(call, body));
    threads.put(call.task(), thread);
    thread.start();
    return call.task();
  }

  /** Follows work on the caller's own thread, by a task that exists. */
  Reply follow(RunningCall call, Function<Call, Reply> work) {
    threads.put(call.task(), Thread.currentThread());
    try {
      Reply reply = work.apply(call);
      finish(call, tx -> rows.succeed(tx, call, reply));
      return reply;
    } catch (RuntimeException failure) {
      ApiError error = Failures.of(failure, call.task());
      finish(call, tx -> rows.fail(tx, call, error));
      throw error;
    } finally {
      running.remove(call.task());
      threads.remove(call.task());
    }
  }

  /**
   * Takes work up that a task is to follow, so that it can be cancelled.
   *
   * @return whether the task follows nothing else yet
   */
  boolean register(RunningCall call) {
    return running.putIfAbsent(call.task(), call) == null;
  }

  void unregister(RunningCall call) {
    running.remove(call.task(), call);
  }

  RunningCall call(MessageSpec message, Ref<Session> session, Ref<Task> task, Origin origin) {
    return new RunningCall(message, session, task, origin, this::show);
  }

  /**
   * Does work of the server's own, in this thread, with a task that follows it.
   *
   * @return whether it ended well; its error is in the task
   */
  public boolean own(String label, String description, Consumer<Call> work) {
    RunningCall call = call(TaskMessages.Specs.CREATE, Ref.none(), Ref.fresh(), Origin.of(""));
    store.change(tx -> {
      rows.open(tx, call.task(), label, Ref.none());
      tx.update(ApiModel.TASK, call.task(), t -> t.with(b -> b.nameDescription(description)));
    });
    boolean _ = register(call);
    try {
      Reply _ =
          follow(
              call,
              it -> {
                work.accept(it);
                return Reply.NOTHING;
              });
      return true;
    } catch (ApiError _) {
      return false;
    }
  }

  boolean isRunning(Ref<Task> task) {
    return running.containsKey(task);
  }

  /** Asks a running call to end early. */
  void cancel(Ref<Task> task) {
    RunningCall call = running.get(task);
    if (call != null) {
      call.cancel();
    }
  }

  /** Waits a moment for what runs; what outlasts it is recovered at the next start. */
  @Override
  public void close() {
    try {
      long deadline = System.nanoTime() + 5_000_000_000L;
      for (Thread thread : threads.values()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return;
        }
        thread.join(Duration.ofNanos(left));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The task tells how it ended; nobody waits to hear it. */
  private void followToItsEnd(RunningCall call, BoundMessage.Invocation body) {
    try {
      Reply _ = follow(call, body::run);
    } catch (ApiError e) {
      LOG.debug("task {} failed", call.task(), e);
    }
  }

  /** An operation's own last transaction has often finished the task already. */
  private void finish(RunningCall call, Consumer<Transaction> change) {
    boolean open =
        store
            .snapshot()
            .find(ApiModel.TASK, call.task())
            .filter(t -> !TaskStates.hasEnded(t.status()))
            .isPresent();
    if (!open) {
      return;
    }
    try {
      store.change(change);
    } catch (ApiError e) {
      LOG.error("could not record how task {} ended", call.task(), e);
    }
  }

  private void show(Ref<Task> task, double fraction) {
    store.overlay(o -> o.set(ApiModel.TASK, task, t -> t.with(b -> b.progress(fraction))));
  }
}

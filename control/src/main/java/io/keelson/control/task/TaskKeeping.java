package io.keelson.control.task;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Task;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Clears away old tasks, and at the start those that the last run left behind. */
public final class TaskKeeping {
  private static final Duration ENDED = Duration.ofMinutes(65);
  private static final Duration PENDING = Duration.ofHours(24);
  private static final int MOST = 200;

  private final Store store;
  private final TaskRows rows;
  private final Tasks tasks;
  private final Clock clock;

  public TaskKeeping(Store store, TaskRows rows, Tasks tasks, Clock clock) {
    this.store = store;
    this.rows = rows;
    this.tasks = tasks;
    this.clock = clock;
  }

  /**
   * Ends what nobody runs any more: after the subjects have recovered their operations, a task that
   * is still pending tells of a call whose outcome was not recorded.
   */
  public void recover() {
    List<Ref<Task>> orphans =
        store
            .snapshot()
            .rows(ApiModel.TASK)
            .filter(r -> !TaskStates.hasEnded(r.record().status()))
            .filter(r -> !r.record().clientMade() || r.record().transfer())
            .map(Row::ref)
            .toList();
    if (!orphans.isEmpty()) {
      store.change(tx ->
          orphans.forEach(t ->
              rows.fail(
                  tx,
                  t,
                  ApiErrors.internalError(
                      List.of("The server stopped before the outcome was recorded")))));
    }
  }

  /** Removes tasks that are too old or too many. */
  public void clear() {
    Snapshot state = store.snapshot();
    Set<Ref<Task>> old = tooOld(state);
    int surplus = state.table(ApiModel.TASK).size() - old.size() - MOST;
    if (surplus > 0) {
      state
          .rows(ApiModel.TASK)
          .filter(r -> TaskStates.hasEnded(r.record().status()) && !old.contains(r.ref()))
          .sorted(
              Comparator.comparing((Row<Task> r) -> r.record().finished())
                  .thenComparingLong(Row::created))
          .limit(surplus)
          .map(Row::ref)
          .toList()
          .forEach(old::add);
    }
    if (!old.isEmpty()) {
      store.change(tx ->
          old.stream()
              .filter(t -> tx.find(ApiModel.TASK, t).isPresent())
              .forEach(t -> TaskRows.remove(tx, t)));
    }
  }

  private Set<Ref<Task>> tooOld(Snapshot state) {
    Instant now = clock.instant();
    Set<Ref<Task>> old = new LinkedHashSet<>();
    state.rows(ApiModel.TASK).filter(r -> isTooOld(r, now)).map(Row::ref).forEach(old::add);
    return old;
  }

  private boolean isTooOld(Row<Task> row, Instant now) {
    Task task = row.record();
    return TaskStates.hasEnded(task.status())
        ? task.finished().isBefore(now.minus(ENDED))
        : task.created().isBefore(now.minus(PENDING)) && !tasks.isRunning(row.ref());
  }
}

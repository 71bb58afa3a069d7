package io.keelson.control.storage;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.ErrorCode;
import io.keelson.store.EventToken;
import io.keelson.store.Store;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Lets operations wait for each other: one that another excludes begins when that has ended, and is
 * refused only when that takes long.
 */
public final class Turns {
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Set<ApiClass<?>> WATCHED =
      Set.of(ApiModel.SR, ApiModel.VDI, ApiModel.VBD, ApiModel.VM);

  private final Store store;

  public Turns(Store store) {
    this.store = store;
  }

  /**
   * Runs the operation when nothing excludes it.
   *
   * @throws ApiError OTHER_OPERATION_IN_PROGRESS when something still does after two minutes;
   *     TASK_CANCELLED
   */
  public <T> T take(Call call, Supplier<T> operation) {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (true) {
      EventToken before = store.events().now();
      try {
        return operation.get();
      } catch (ApiError refusal) {
        Duration left = Duration.ofNanos(end - System.nanoTime());
        if (refusal.code() != ErrorCode.OTHER_OPERATION_IN_PROGRESS || !left.isPositive()) {
          throw refusal;
        }
        store.events().await(id -> WATCHED.contains(id.apiClass()), before, left, call::cancelled);
        if (call.cancelled()) {
          throw ApiErrors.taskCancelled(call.task().text());
        }
      }
    }
  }

  /** {@link #take} for an operation that returns nothing. */
  public void run(Call call, Runnable operation) {
    take(
        call,
        () -> {
          operation.run();
          return this;
        });
  }
}

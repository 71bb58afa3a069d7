package io.keelson.control.operation;

import io.keelson.api.ApiError;
import io.keelson.api.Call;
import io.keelson.api.ErrorCode;
import io.keelson.api.Reply;
import io.keelson.api.Type;
import io.keelson.control.task.TaskRows;
import io.keelson.host.Progress;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.function.Function;

/** Runs long operations: claim, act, settle. */
public final class Operations {
  private final Store store;
  private final TaskRows tasks;

  public Operations(Store store, TaskRows tasks) {
    this.store = store;
    this.tasks = tasks;
  }

  /** Runs an operation whose message returns nothing; its outcome is for the handler. */
  public <P, T> T run(Call call, Steps<P, T> steps) {
    return perform(call, steps, _ -> Reply.NOTHING);
  }

  /** Runs an operation whose message returns its outcome. */
  public <P, T> T run(Call call, Type<T> type, Steps<P, T> steps) {
    return perform(call, steps, outcome -> Reply.of(type, outcome));
  }

  /**
   * Runs an operation whose message returns a part of its outcome.
   *
   * @param result the part
   */
  public <P, T, R> R run(Call call, Type<R> type, Steps<P, T> steps, Function<T, R> result) {
    return result.apply(perform(call, steps, done -> Reply.of(type, result.apply(done))));
  }

  private <P, T> T perform(Call call, Steps<P, T> steps, Function<T, Reply> reply) {
    Claimed<P> claimed =
        store.transact(tx -> {
          tasks.begin(tx, call);
          Claims claims = new Claims(tx, call.task());
          return new Claimed<>(steps.claim(tx, claims), claims);
        });
    T outcome;
    try {
      outcome = steps.act(claimed.plan, progress(call));
    } catch (RuntimeException failure) {
      ApiError error = Failures.of(failure, call.task());
      store.change(tx -> giveUp(tx, call, steps, claimed, error));
      throw error;
    }
    try {
      store.change(tx -> {
        steps.settle(tx, claimed.plan, outcome);
        claimed.claims.release(tx);
        tasks.succeed(tx, call, reply.apply(outcome));
      });
    } catch (ApiError refused) {
      if (mayBeWritten(refused)) {
        throw refused;
      }
      steps.revert(claimed.plan, outcome);
      store.change(tx -> giveUp(tx, call, steps, claimed, refused));
      throw refused;
    }
    return outcome;
  }

  /** A journal that failed may hold the outcome all the same: the next start finds out. */
  private static boolean mayBeWritten(ApiError error) {
    return error.code() == ErrorCode.OUT_OF_SPACE || error.code() == ErrorCode.INTERNAL_ERROR;
  }

  private <P> void giveUp(
      Transaction tx, Call call, Steps<P, ?> steps, Claimed<P> claimed, ApiError error) {
    steps.undo(tx, claimed.plan, error);
    claimed.claims.release(tx);
    tasks.fail(tx, call, error);
  }

  private static Progress progress(Call call) {
    return new Progress() {
      @Override
      public void report(double fraction) {
        call.progress(fraction);
      }

      @Override
      public boolean cancelled() {
        return call.cancelled();
      }
    };
  }

  private record Claimed<P>(P plan, Claims claims) {}
}

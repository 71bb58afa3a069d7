package io.keelson.control.operation;

import io.keelson.api.ApiError;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;

/**
 * One long operation.
 *
 * @param <P> what the claim decided: all that the work needs to know
 * @param <T> what the work brings back
 */
public interface Steps<P, T> {

  /**
   * Checks every rule on the newest state and claims the objects. Nothing has happened yet, so an
   * error leaves no trace.
   */
  P claim(Transaction tx, Claims claims);

  /** Does the work. No lock is held; other calls see the claims. */
  T act(P plan, Progress progress);

  /**
   * Writes the outcome. The claims are released and the task is finished in the same transaction.
   */
  void settle(Transaction tx, P plan, T outcome);

  /** Takes back what {@link #act} has done on the host, when its outcome cannot be written. */
  default void revert(P plan, T outcome) {}

  /** Takes back what the claim wrote besides the claims, after the work has failed. */
  default void undo(Transaction tx, P plan, ApiError error) {}
}

package io.keelson.store;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** What changed since when, and waiting for it. A waiting caller costs memory, not a thread. */
public interface EventFeed {

  /** Where the order of changes stands now. */
  EventToken now();

  /**
   * The changes after a point to the objects that the filter lets through, one an object: an object
   * made after it is an addition with its current record, one both made and removed is passed over.
   * Waits while there is none.
   *
   * @param abandoned asked whenever the wait is woken; true ends it (the caller's session is gone)
   * @return possibly no changes, when time was up or the wait abandoned
   * @throws io.keelson.api.ApiError EVENTS_LOST when removals since then are no longer remembered
   */
  Batch await(
      Predicate<ObjectId<?>> filter, EventToken after, Duration timeout, BooleanSupplier abandoned);

  /** Wakes every waiting caller so that it asks whether it is abandoned. */
  void wakeAll();

  /**
   * Changes in the order of their generations.
   *
   * @param snapshot the state they lead to
   * @param token to go on with
   */
  record Batch(List<Change<?>> changes, Snapshot snapshot, EventToken token) {}

  /** What happened to an object. */
  enum Kind {
    ADDED,
    MODIFIED,
    REMOVED
  }

  /**
   * That an object was made, changed or removed.
   *
   * @param row the object as it is now; empty when it was removed
   * @param generation of the change
   */
  record Change<R extends ApiRecord>(
      Kind kind, ApiClass<R> apiClass, Ref<R> ref, Optional<Row<R>> row, long generation) {}
}

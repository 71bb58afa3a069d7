package io.keelson.store;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** The pool's objects. Reads take a snapshot and no lock; changes are transactions. */
public interface Store extends AutoCloseable {

  /** The objects as the last acknowledged transaction left them. Never blocks. */
  Snapshot snapshot();

  /**
   * Runs the work on the newest state, alone, and makes all its changes durable, or none of them.
   * The work must be quick and touch nothing but the transaction.
   *
   * @return what the work returned, once its changes are durable and visible
   * @throws io.keelson.api.ApiError what the work raised, or a broken invariant (HANDLE_INVALID for
   *     a reference to nothing, DB_UNIQUENESS_CONSTRAINT_VIOLATION), with nothing changed;
   *     OUT_OF_SPACE or INTERNAL_ERROR when the journal could not take it
   */
  <T> T transact(Function<Transaction, T> work);

  /** {@link #transact} for work that returns nothing. */
  default void change(Consumer<Transaction> work) {
    transact(tx -> {
      work.accept(tx);
      return tx;
    });
  }

  /**
   * Runs the work as a transaction would, checks what it has done, and keeps none of it.
   *
   * @throws io.keelson.api.ApiError what {@link #transact} would raise for it
   */
  void rehearse(Consumer<Transaction> work);

  /** Sets volatile fields at once: visible and told to watchers, and gone after a restart. */
  void overlay(Consumer<Overlay> work);

  /** Goes through all objects and names those that break an invariant; there should be none. */
  List<Violation> violations();

  /** What changed since when. */
  EventFeed events();

  /** Ends with everything acknowledged on disk. */
  @Override
  void close();
}

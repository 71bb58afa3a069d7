package io.keelson.control.database;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.store.EventFeed;
import io.keelson.store.Overlay;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import io.keelson.store.Violation;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Objects that are shown and never change. */
record ShownStore(Snapshot snapshot) implements Store {

  /** What a caller is told who wants more than to look. */
  static ApiError refusal() {
    return ApiErrors.operationNotAllowed(
        "The session shows a copy of a database, which can only be read");
  }

  @Override
  public <T> T transact(Function<Transaction, T> work) {
    throw refusal();
  }

  @Override
  public void rehearse(Consumer<Transaction> work) {
    throw refusal();
  }

  @Override
  public void overlay(Consumer<Overlay> work) {
    throw refusal();
  }

  @Override
  public List<Violation> violations() {
    throw refusal();
  }

  @Override
  public EventFeed events() {
    throw refusal();
  }

  @Override
  public void close() {}
}

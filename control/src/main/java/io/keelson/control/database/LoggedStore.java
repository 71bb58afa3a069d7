package io.keelson.control.database;

import io.keelson.store.EventFeed;
import io.keelson.store.Overlay;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import io.keelson.store.Violation;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** A store whose changes are in the redo log as well, where there is one, when they are told. */
public record LoggedStore(Store store, RedoLog log) implements Store {
  @Override
  public Snapshot snapshot() {
    return store.snapshot();
  }

  @Override
  public <T> T transact(Function<Transaction, T> work) {
    T result = store.transact(work);
    log.awaitWritten(store.snapshot().generation());
    return result;
  }

  @Override
  public void rehearse(Consumer<Transaction> work) {
    store.rehearse(work);
  }

  @Override
  public void overlay(Consumer<Overlay> work) {
    store.overlay(work);
  }

  @Override
  public List<Violation> violations() {
    return store.violations();
  }

  @Override
  public EventFeed events() {
    return store.events();
  }

  @Override
  public void close() {
    store.close();
  }
}

package io.keelson.control.pool;

import io.keelson.api.Call;
import io.keelson.api.messages.PoolDatabase;
import io.keelson.store.Store;

/** The pool's objects on disk. */
final class PoolDatabaseHandler implements PoolDatabase {
  private final Store store;

  PoolDatabaseHandler(Store store) {
    this.store = store;
  }

  /**
   * Every change is on disk before it is answered; a transaction that changes nothing waits for
   * those of others that are on their way.
   */
  @Override
  public void syncDatabase(Call call) {
    store.change(_ -> {});
  }
}

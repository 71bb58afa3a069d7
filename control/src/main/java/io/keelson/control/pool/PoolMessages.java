package io.keelson.control.pool;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.PoolDatabase;
import io.keelson.store.Store;
import java.util.List;

/** The messages about the pool. */
public final class PoolMessages {
  private PoolMessages() {}

  public static List<BoundMessage> all(Store store) {
    return PoolDatabase.bind(new PoolDatabaseHandler(store));
  }
}

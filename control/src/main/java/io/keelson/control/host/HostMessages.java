package io.keelson.control.host;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.HostState;
import io.keelson.store.Store;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/** The messages about hosts. */
public final class HostMessages {
  private HostMessages() {}

  /**
   * @param methods names of all messages; asked for once they are known
   */
  public static List<BoundMessage> all(Store store, Clock clock, Supplier<List<String>> methods) {
    return HostState.bind(new HostStateHandler(store, clock, methods));
  }
}

package io.keelson.control.host;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.HostMigration;
import io.keelson.api.messages.HostState;
import io.keelson.control.session.Sessions;
import io.keelson.store.Store;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The messages about hosts. */
public final class HostMessages {
  private HostMessages() {}

  /**
   * @param methods names of all messages; asked for once they are known
   */
  public static List<BoundMessage> all(
      Store store, Sessions sessions, Clock clock, Supplier<List<String>> methods) {
    return Stream.of(
            HostState.bind(new HostStateHandler(store, clock, methods)),
            HostMigration.bind(new HostMigrationHandler(store, sessions)))
        .flatMap(List::stream)
        .toList();
  }
}

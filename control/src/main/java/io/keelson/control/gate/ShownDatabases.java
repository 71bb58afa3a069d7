package io.keelson.control.gate;

import io.keelson.control.session.LiveSession;
import io.keelson.store.Snapshot;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Function;

/** What the sessions can call that show the copy of a database, as long as they are open. */
final class ShownDatabases {
  /** What is about the session itself. */
  private static final Set<String> AS_USUAL = Set.of("session.logout");

  private final Function<Snapshot, Routes> make;
  private final Map<LiveSession, Routes> made = Collections.synchronizedMap(new WeakHashMap<>());

  ShownDatabases(Function<Snapshot, Routes> make) {
    this.make = make;
  }

  /**
   * How the session's database answers a message.
   *
   * @param usual how the pool's own answers it
   */
  Route route(LiveSession session, Route usual) {
    String name = usual.spec().wireName();
    return AS_USUAL.contains(name)
        ? usual
        : made.computeIfAbsent(session, s -> make.apply(s.database().orElseThrow()))
            .find(name)
            .orElseThrow()
            .route();
  }
}

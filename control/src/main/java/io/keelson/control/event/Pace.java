package io.keelson.control.event;

import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.control.session.Sessions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often a session is told of changes. After a quiet spell it is told of the first change at
 * once; then not again before a twentieth of a second has passed, in which further changes gather.
 * A stream of changes thus costs each watcher twenty answers a second and not one a change, and a
 * single change is never kept waiting.
 */
final class Pace {
  private static final Duration BETWEEN = Duration.ofMillis(50);

  private final Sessions sessions;
  private final Map<Ref<Session>, Long> told = new ConcurrentHashMap<>();

  Pace(Sessions sessions) {
    this.sessions = sessions;
  }

  /** How long to let changes gather before the session is told. */
  Duration gather(Ref<Session> session) {
    Long last = told.get(session);
    if (last == null) {
      return Duration.ZERO;
    }
    long left = BETWEEN.toNanos() - (System.nanoTime() - last);
    return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
  }

  void told(Ref<Session> session) {
    told.put(session, System.nanoTime());
  }

  /** Forgets the sessions that have ended. */
  void clear() {
    told.keySet().removeIf(s -> !sessions.isLive(s));
  }
}

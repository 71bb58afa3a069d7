package io.keelson.control.event;

import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.control.session.Sessions;
import io.keelson.store.EventToken;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What sessions have registered for event.next. A registration is a place in the order of changes
 * and no queue, so one whose client does not come costs nothing; when it comes too late it is told
 * that events were lost.
 */
final class Registrations {
  private final Sessions sessions;
  private final Map<Ref<Session>, Registration> bySession = new ConcurrentHashMap<>();

  Registrations(Sessions sessions) {
    this.sessions = sessions;
  }

  /** What one session wants to hear of, and how far it has been told. */
  static final class Registration {
    private Subscription wanted;
    private EventToken position;

    Registration(Subscription wanted, EventToken position) {
      this.wanted = wanted;
      this.position = position;
    }

    synchronized Subscription wanted() {
      return wanted;
    }

    synchronized void want(Subscription more) {
      wanted = more;
    }

    synchronized EventToken position() {
      return position;
    }

    /** Goes on to a later place, unless another call has gone on already. */
    synchronized void move(EventToken from, EventToken to) {
      if (position.equals(from)) {
        position = to;
      }
    }
  }

  void add(Ref<Session> session, List<String> classes, EventToken now) {
    bySession.compute(
        session,
        (_, known) -> {
          if (known == null) {
            return new Registration(Subscription.parse(classes), now);
          }
          known.want(known.wanted().plus(classes));
          return known;
        });
  }

  void remove(Ref<Session> session, List<String> classes) {
    bySession.computeIfPresent(
        session,
        (_, known) -> {
          known.want(known.wanted().minus(classes));
          return known.wanted().isEmpty() ? null : known;
        });
  }

  /**
   * @throws io.keelson.api.ApiError SESSION_NOT_REGISTERED
   */
  Registration require(Ref<Session> session) {
    Registration registration = bySession.get(session);
    if (registration == null) {
      throw ApiErrors.sessionNotRegistered(session.text());
    }
    return registration;
  }

  /** Forgets the sessions that have ended. */
  void clear() {
    bySession.keySet().removeIf(s -> !sessions.isLive(s));
  }
}

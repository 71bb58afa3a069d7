package io.keelson.control.event;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.EventMessages;
import io.keelson.control.session.Sessions;
import io.keelson.store.Store;
import java.time.Clock;
import java.util.List;

/** The messages about events, and what they remember of sessions. */
public final class Events {
  private final Pace pace;
  private final Registrations registrations;
  private final EventsHandler handler;

  public Events(Store store, Sessions sessions, Clock clock) {
    pace = new Pace(sessions);
    registrations = new Registrations(sessions);
    handler = new EventsHandler(store, sessions, clock, pace, registrations);
  }

  public List<BoundMessage> all() {
    return EventMessages.bind(handler);
  }

  /** Forgets the sessions that have ended. */
  public void clear() {
    pace.clear();
    registrations.clear();
  }
}

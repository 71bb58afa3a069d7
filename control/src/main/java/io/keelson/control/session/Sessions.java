package io.keelson.control.session;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sessions: objects in the store ({@link SessionRows}), so that they outlast a restart,
 * and {@link LiveSessions} in memory, so that a call finds its own without a look at the store.
 */
public final class Sessions {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private final Store store;
  private final Clock clock;
  private final SessionLimits limits;
  private final SessionIds ids = new SessionIds();
  private final LiveSessions live = new LiveSessions();
  private final SessionEnds ends = new SessionEnds();

  public Sessions(Store store, Clock clock, SessionLimits limits) {
    this.store = store;
    this.clock = clock;
    this.limits = limits;
  }

  /** Takes up the sessions that the store holds; the time they were idle starts anew. */
  public void load() {
    Snapshot state = store.snapshot();
    Instant now = clock.instant();
    state.rows(ApiModel.SESSION).forEach(row -> live.add(SessionRows.live(state, row, now)));
  }

  /**
   * The session of a call, which counts as used now.
   *
   * @throws io.keelson.api.ApiError SESSION_INVALID
   */
  public LiveSession require(String ref) {
    LiveSession session = live.find(ref).orElseThrow(() -> ApiErrors.sessionInvalid(ref));
    session.active(clock.instant());
    return session;
  }

  public boolean isLive(Ref<Session> ref) {
    return find(ref).isPresent();
  }

  public Optional<LiveSession> find(Ref<Session> ref) {
    return live.find(ref.text());
  }

  /**
   * Has something ended when a session ends, however that comes; at once where it has ended
   * already. The action is quick, may run on any thread and more than once.
   */
  public SessionEnds.Watch whenEnds(Ref<Session> ref, Runnable action) {
    SessionEnds.Watch watch = ends.add(ref, action);
    if (!isLive(ref)) {
      action.run();
    }
    return watch;
  }

  /** Opens a session. Those that have to make room for it end in the same transaction. */
  public Ref<Session> open(Identity identity, String originator) {
    Ref<Session> ref = ids.next();
    Instant now = clock.instant();
    LiveSession session =
        new LiveSession(
            ref, identity.name(), originator, Rights.of(identity), false, Optional.empty(), now);
    List<LiveSession> evicted = live.surplus(identity, originator, limits);
    store.change(tx -> {
      remove(tx, evicted);
      tx.create(ApiModel.SESSION, ref, SessionRows.row(tx, identity, originator, now));
    });
    evicted.forEach(old -> {
      LOG.warn(
          "ended the session of user {} (originator '{}') idle since {}: too many are open",
          old.userName(),
          printable(old.originator()),
          old.lastActive());
    });
    forget(evicted);
    live.add(session);
    return ref;
  }

  /**
   * Opens a session with the identity and the rights of another one.
   *
   * @throws io.keelson.api.ApiError SESSION_INVALID when that has ended, or is for emergencies
   */
  public Ref<Session> openLike(Ref<Session> other, String originator) {
    LiveSession session = find(other).orElseThrow(() -> ApiErrors.sessionInvalid(other.text()));
    Session record =
        store
            .snapshot()
            .find(ApiModel.SESSION, other)
            .orElseThrow(() -> ApiErrors.sessionInvalid(other.text()));
    Identity identity =
        record.isLocalSuperuser()
            ? new Identity.Superuser(record.thisUser(), session.userName())
            : new Identity.DirectoryUser(
                record.subject(),
                record.authUserName(),
                record.authUserSid(),
                record.admittedBy(),
                List.copyOf(record.rbacPermissions()));
    return open(identity, originator);
  }

  /** Opens a session that this host alone knows, for the messages of an emergency. */
  public Ref<Session> openLocal(Identity identity) {
    Ref<Session> ref = ids.next();
    live.add(
        new LiveSession(
            ref,
            identity.name(),
            "",
            new Rights.Everything(),
            true,
            Optional.empty(),
            clock.instant()));
    return ref;
  }

  /**
   * Opens a session that shows the copy of a database, with the rights of another. It does not
   * outlast a restart.
   *
   * @throws io.keelson.api.ApiError SESSION_INVALID
   */
  public Ref<Session> openDatabase(Ref<Session> opener, Snapshot database) {
    LiveSession by = require(opener.text());
    Ref<Session> ref = ids.next();
    live.add(
        new LiveSession(
            ref,
            by.userName(),
            by.originator(),
            by.rights(),
            false,
            Optional.of(database),
            clock.instant()));
    return ref;
  }

  /**
   * Ends a session.
   *
   * @throws io.keelson.api.ApiError SESSION_INVALID when it has ended already
   */
  public void close(Ref<Session> ref) {
    LiveSession session = find(ref).orElseThrow(() -> ApiErrors.sessionInvalid(ref.text()));
    if (session.stored() && !closeStored(ref)) {
      throw ApiErrors.sessionInvalid(ref.text());
    }
    forget(List.of(session));
  }

  private boolean closeStored(Ref<Session> ref) {
    return store.transact(tx -> SessionRows.remove(tx, ref));
  }

  /** Ends all sessions that answer to the condition, in one transaction. */
  public void closeAll(Predicate<LiveSession> condition) {
    List<LiveSession> ending = live.all().stream().filter(condition).toList();
    if (!ending.isEmpty()) {
      store.change(tx -> remove(tx, ending));
      forget(ending);
    }
  }

  /**
   * {@link #closeAll} as part of a larger change, which must call the returned action when done.
   */
  public Runnable closeAll(Transaction tx, Predicate<LiveSession> condition) {
    List<LiveSession> ending = live.all().stream().filter(condition).toList();
    remove(tx, ending);
    return () -> forget(ending);
  }

  private static void remove(Transaction tx, List<LiveSession> ending) {
    ending.stream().filter(LiveSession::stored).forEach(s -> SessionRows.remove(tx, s.ref()));
  }

  /** Ends the sessions that were idle for too long. */
  public void expire() {
    Instant before = clock.instant().minus(limits.idle());
    closeAll(s -> s.lastActive().isBefore(before));
  }

  /** Shows in the store when each session was last used. */
  public void publishActivity() {
    Snapshot state = store.snapshot();
    List<LiveSession> moved =
        live.all().stream().filter(session -> SessionRows.isBehind(state, session)).toList();
    if (!moved.isEmpty()) {
      store.overlay(o -> moved.forEach(session -> SessionRows.show(o, session)));
    }
  }

  private void forget(Collection<LiveSession> ended) {
    if (ended.isEmpty()) {
      return;
    }
    ended.forEach(live::remove);
    ended.forEach(session -> ends.ended(session.ref()));
    store.events().wakeAll();
  }

  /** Text of a client as a log may show it: on one line, and not for ever. */
  private static String printable(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 64 ? line : line.substring(0, 64) + "...";
  }
}

package io.keelson.control.session;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.api.model.User;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sessions: objects in the store, so that they outlast a restart, and an index in memory,
 * so that a call finds its own without a look at the store.
 */
public final class Sessions {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private final Store store;
  private final Clock clock;
  private final SessionLimits limits;
  private final SessionIds ids = new SessionIds();
  private final Map<String, LiveSession> live = new ConcurrentHashMap<>();
  private final Map<String, Set<LiveSession>> groups = new ConcurrentHashMap<>();
  private final SessionEnds ends = new SessionEnds();

  public Sessions(Store store, Clock clock, SessionLimits limits) {
    this.store = store;
    this.clock = clock;
    this.limits = limits;
  }

  /** Takes up the sessions that the store holds; the time they were idle starts anew. */
  public void load() {
    Snapshot state = store.snapshot();
    state.rows(ApiModel.SESSION).forEach(row -> index(loaded(state, row)));
  }

  /**
   * The session of a call, which counts as used now.
   *
   * @throws io.keelson.api.ApiError SESSION_INVALID
   */
  public LiveSession require(String ref) {
    LiveSession session = live.get(ref);
    if (session == null) {
      throw ApiErrors.sessionInvalid(ref);
    }
    session.active(clock.instant());
    return session;
  }

  public boolean isLive(Ref<Session> ref) {
    return live.containsKey(ref.text());
  }

  public Optional<LiveSession> find(Ref<Session> ref) {
    return Optional.ofNullable(live.get(ref.text()));
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

  /** All that are open. */
  public List<LiveSession> all() {
    return List.copyOf(live.values());
  }

  /** Opens a session. Those that have to make room for it end in the same transaction. */
  public Ref<Session> open(Identity identity, String originator) {
    Ref<Session> ref = ids.next();
    Instant now = clock.instant();
    LiveSession session =
        new LiveSession(
            ref, identity.name(), originator, rights(identity), false, Optional.empty(), now);
    List<LiveSession> evicted = evicted(identity, originator);
    store.change(tx -> {
      evicted.forEach(old -> remove(tx, old.ref()));
      tx.create(ApiModel.SESSION, ref, record(tx, identity, originator, now));
    });
    evicted.forEach(old -> {
      LOG.warn(
          "ended the session of user {} (originator '{}') idle since {}: too many are open",
          old.userName(),
          printable(old.originator()),
          old.lastActive());
    });
    forget(evicted);
    index(session);
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
    index(
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
    index(
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
    LiveSession session = live.get(ref.text());
    if (session == null || (session.stored() && !closeStored(ref))) {
      throw ApiErrors.sessionInvalid(ref.text());
    }
    forget(List.of(session));
  }

  private boolean closeStored(Ref<Session> ref) {
    return store.transact(tx -> remove(tx, ref));
  }

  /** Ends all sessions that answer to the condition, in one transaction. */
  public void closeAll(Predicate<LiveSession> condition) {
    List<LiveSession> ending = live.values().stream().filter(condition).toList();
    if (!ending.isEmpty()) {
      store.change(
          tx -> ending.stream().filter(LiveSession::stored).forEach(s -> remove(tx, s.ref())));
      forget(ending);
    }
  }

  /**
   * {@link #closeAll} as part of a larger change, which must call the returned action when done.
   */
  public Runnable closeAll(Transaction tx, Predicate<LiveSession> condition) {
    List<LiveSession> ending = live.values().stream().filter(condition).toList();
    ending.stream().filter(LiveSession::stored).forEach(s -> remove(tx, s.ref()));
    return () -> forget(ending);
  }

  /** Ends the sessions that were idle for too long. */
  public void expire() {
    Instant before = clock.instant().minus(limits.idle());
    closeAll(s -> s.lastActive().isBefore(before));
  }

  /** Shows in the store when each session was last used. */
  public void publishActivity() {
    Snapshot state = store.snapshot();
    List<LiveSession> moved = live.values().stream().filter(s -> hasMoved(state, s)).toList();
    if (!moved.isEmpty()) {
      store.overlay(o ->
          moved.forEach(s ->
              o.set(
                  ApiModel.SESSION,
                  s.ref(),
                  r -> r.with(b -> b.lastActive(seconds(s.lastActive()))))));
    }
  }

  private static boolean hasMoved(Snapshot state, LiveSession session) {
    return state
        .find(ApiModel.SESSION, session.ref())
        .filter(r -> !r.lastActive().equals(seconds(session.lastActive())))
        .isPresent();
  }

  private List<LiveSession> evicted(Identity identity, String originator) {
    Set<LiveSession> ending = new LinkedHashSet<>();
    if (!originator.isEmpty()) {
      surplus("originator " + originator, limits.perOriginator()).ifPresent(ending::add);
    }
    switch (identity) {
      case Identity.Superuser _ -> {
        if (originator.isEmpty()) {
          surplus("superuser", limits.unnamed()).ifPresent(ending::add);
        }
      }
      case Identity.DirectoryUser user ->
          surplus("user " + user.name(), limits.perUser()).ifPresent(ending::add);
    }
    return List.copyOf(ending);
  }

  private Optional<LiveSession> surplus(String group, int limit) {
    Set<LiveSession> members = groups.getOrDefault(group, Set.of());
    return members.size() < limit
        ? Optional.empty()
        : members.stream().min(Comparator.comparing(LiveSession::lastActive));
  }

  private void index(LiveSession session) {
    live.put(session.ref().text(), session);
    groupsOf(session)
        .forEach(g ->
            groups.compute(
                g,
                (_, members) -> {
                  Set<LiveSession> set = members == null ? ConcurrentHashMap.newKeySet() : members;
                  set.add(session);
                  return set;
                }));
  }

  private void forget(Collection<LiveSession> ended) {
    if (ended.isEmpty()) {
      return;
    }
    ended.forEach(session -> {
      live.remove(session.ref().text());
      groupsOf(session)
          .forEach(g ->
              groups.computeIfPresent(
                  g,
                  (_, members) -> {
                    members.remove(session);
                    return members.isEmpty() ? null : members;
                  }));
    });
    ended.forEach(session -> ends.ended(session.ref()));
    store.events().wakeAll();
  }

  private static List<String> groupsOf(LiveSession session) {
    String named = "originator " + session.originator();
    return switch (session.rights()) {
      case Rights.Everything _ -> List.of(session.originator().isEmpty() ? "superuser" : named);
      case Rights.Only _ ->
          session.originator().isEmpty()
              ? List.of("user " + session.userName())
              : List.of("user " + session.userName(), named);
    };
  }

  private static boolean remove(Transaction tx, Ref<Session> ref) {
    Optional<Session> session = tx.find(ApiModel.SESSION, ref);
    session.ifPresent(s -> {
      s.tasks().forEach(t -> tx.update(ApiModel.TASK, t, r -> r.with(b -> b.session(Ref.none()))));
      tx.delete(ApiModel.SESSION, ref);
    });
    return session.isPresent();
  }

  private static Rights rights(Identity identity) {
    return switch (identity) {
      case Identity.Superuser _ -> new Rights.Everything();
      case Identity.DirectoryUser user -> new Rights.Only(Set.copyOf(user.permissions()));
    };
  }

  private LiveSession loaded(Snapshot state, Row<Session> row) {
    Session session = row.record();
    String account = state.find(ApiModel.USER, session.thisUser()).map(User::shortName).orElse("");
    return session.isLocalSuperuser()
        ? new LiveSession(
            row.ref(),
            account,
            session.originator(),
            new Rights.Everything(),
            false,
            Optional.empty(),
            clock.instant())
        : new LiveSession(
            row.ref(),
            session.authUserName(),
            session.originator(),
            new Rights.Only(Set.copyOf(session.rbacPermissions())),
            false,
            Optional.empty(),
            clock.instant());
  }

  private static Session record(Transaction tx, Identity identity, String originator, Instant now) {
    return Session.builder()
        .build()
        .with(b -> {
          b.uuid(UUID.randomUUID().toString())
              .originator(originator)
              .lastActive(seconds(now))
              .validationTime(seconds(now))
              .thisHost(OnlyPool.master(tx));
          switch (identity) {
            case Identity.Superuser user -> b.isLocalSuperuser(true).thisUser(user.user());
            case Identity.DirectoryUser user ->
                b.subject(user.subject())
                    .authUserName(user.name())
                    .authUserSid(user.identifier())
                    .admittedBy(user.admittedBy())
                    .rbacPermissions(user.permissions());
          }
        });
  }

  private static Instant seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Text of a client as a log may show it: on one line, and not for ever. */
  private static String printable(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 64 ? line : line.substring(0, 64) + "...";
  }
}

package io.keelson.control.session;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.api.model.User;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Overlay;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Sessions as objects of the store. */
final class SessionRows {
  private SessionRows() {}

  /** A session as a new object. */
  static Session row(Transaction tx, Identity identity, String originator, Instant now) {
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

  /**
   * Removes a session; its tasks stay.
   *
   * @return whether it was there
   */
  static boolean remove(Transaction tx, Ref<Session> ref) {
    Optional<Session> session = tx.find(ApiModel.SESSION, ref);
    session.ifPresent(s -> {
      s.tasks().forEach(t -> tx.update(ApiModel.TASK, t, r -> r.with(b -> b.session(Ref.none()))));
      tx.delete(ApiModel.SESSION, ref);
    });
    return session.isPresent();
  }

  /** A session of an object that was there when the server started; it counts as used now. */
  static LiveSession live(Snapshot state, Row<Session> row, Instant now) {
    Session session = row.record();
    boolean root = session.isLocalSuperuser();
    String account = state.find(ApiModel.USER, session.thisUser()).map(User::shortName).orElse("");
    return new LiveSession(
        row.ref(),
        root ? account : session.authUserName(),
        session.originator(),
        root ? new Rights.Everything() : new Rights.Only(Set.copyOf(session.rbacPermissions())),
        false,
        Optional.empty(),
        now);
  }

  /** Whether the object does not show when its session was last used. */
  static boolean isBehind(Snapshot state, LiveSession session) {
    return state
        .find(ApiModel.SESSION, session.ref())
        .filter(r -> !r.lastActive().equals(seconds(session.lastActive())))
        .isPresent();
  }

  /** Has the object show when its session was last used. */
  static void show(Overlay overlay, LiveSession session) {
    Instant last = seconds(session.lastActive());
    overlay.set(ApiModel.SESSION, session.ref(), r -> r.with(b -> b.lastActive(last)));
  }

  private static Instant seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }
}

package io.keelson.control.session;

import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import io.keelson.store.Snapshot;
import java.time.Instant;
import java.util.Optional;

/** An open session as calls find it, without a look at the store. */
public final class LiveSession {
  private final Ref<Session> ref;
  private final String userName;
  private final String originator;
  private final Rights rights;
  private final boolean local;
  private final Optional<Snapshot> database;
  private volatile Instant lastActive;

  /**
   * @param userName of the account or of the directory's user, for limits and logs
   * @param local whether it is good on this host alone, for emergencies, and not in the store
   * @param database what it shows in place of the pool's objects; such a session is not in the
   *     store either
   */
  LiveSession(
      Ref<Session> ref,
      String userName,
      String originator,
      Rights rights,
      boolean local,
      Optional<Snapshot> database,
      Instant lastActive) {
    this.ref = ref;
    this.userName = userName;
    this.originator = originator;
    this.rights = rights;
    this.local = local;
    this.database = database;
    this.lastActive = lastActive;
  }

  public Ref<Session> ref() {
    return ref;
  }

  public String userName() {
    return userName;
  }

  public String originator() {
    return originator;
  }

  public Rights rights() {
    return rights;
  }

  public boolean local() {
    return local;
  }

  /** The copy of a database that it shows, and in which nothing can be changed. */
  public Optional<Snapshot> database() {
    return database;
  }

  /** Whether it is an object of the pool. */
  boolean stored() {
    return !local && database.isEmpty();
  }

  public Instant lastActive() {
    return lastActive;
  }

  void active(Instant now) {
    lastActive = now;
  }
}

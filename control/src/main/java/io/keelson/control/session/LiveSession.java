package io.keelson.control.session;

import io.keelson.api.Ref;
import io.keelson.api.model.Session;
import java.time.Instant;

/** An open session as calls find it, without a look at the store. */
public final class LiveSession {
  private final Ref<Session> ref;
  private final String userName;
  private final String originator;
  private final Rights rights;
  private final boolean local;
  private volatile Instant lastActive;

  /**
   * @param userName of the account or of the directory's user, for limits and logs
   * @param local whether it is good on this host alone, for emergencies, and not in the store
   */
  LiveSession(
      Ref<Session> ref,
      String userName,
      String originator,
      Rights rights,
      boolean local,
      Instant lastActive) {
    this.ref = ref;
    this.userName = userName;
    this.originator = originator;
    this.rights = rights;
    this.local = local;
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

  public Instant lastActive() {
    return lastActive;
  }

  void active(Instant now) {
    lastActive = now;
  }
}

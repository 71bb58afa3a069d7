package io.keelson.control.session;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.SessionLogin;
import io.keelson.api.model.Session;

/** Logging in and out. */
final class SessionLoginHandler implements SessionLogin {
  private final Sessions sessions;
  private final Accounts accounts;

  SessionLoginHandler(Sessions sessions, Accounts accounts) {
    this.sessions = sessions;
    this.accounts = accounts;
  }

  @Override
  public Ref<Session> loginWithPassword(
      Call call, String uname, String pwd, String version, String originator) {
    return sessions.open(
        isSuperuser(call, uname)
            ? accounts.superuser()
            : accounts.authenticate(uname, pwd, call.peer()),
        originator);
  }

  @Override
  public Ref<Session> slaveLocalLoginWithPassword(Call call, String uname, String pwd) {
    return sessions.openLocal(
        isSuperuser(call, uname)
            ? accounts.superuser()
            : accounts.authenticateHere(uname, pwd, call.peer()));
  }

  /** Whoever could read the database anyway needs no password to be root, and one to be another. */
  private static boolean isSuperuser(Call call, String name) {
    return call.fromAdministrator() && (name.isEmpty() || name.equals(Accounts.ROOT));
  }

  @Override
  public void logout(Call call) {
    sessions.close(call.session());
  }

  @Override
  public void localLogout(Call call) {
    sessions.close(call.session());
  }
}

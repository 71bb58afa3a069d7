package io.keelson.control.session;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.SessionPasswords;
import io.keelson.api.model.Session;
import io.keelson.api.model.User;
import io.keelson.store.Store;

/** Changing the superuser's password. */
final class SessionPasswordsHandler implements SessionPasswords {
  private final Store store;
  private final Sessions sessions;
  private final Accounts accounts;

  SessionPasswordsHandler(Store store, Sessions sessions, Accounts accounts) {
    this.store = store;
    this.sessions = sessions;
    this.accounts = accounts;
  }

  /**
   * Sets the new password and ends the account's other sessions, all in one transaction. Who is an
   * administrator of the machine need not know the old one.
   */
  @Override
  public void changePassword(Call call, String oldPwd, String newPwd) {
    Session session = store.snapshot().get(ApiModel.SESSION, call.session());
    Ref<User> account = session.thisUser();
    String name = store.snapshot().get(ApiModel.USER, account).shortName();
    if (!call.fromAdministrator()) {
      accounts.authenticateHere(name, oldPwd, call.peer());
    }
    if (newPwd.isEmpty()) {
      throw ApiErrors.changePasswordRejected("The new password is empty");
    }
    String hash = PasswordHash.of(newPwd).text();
    Runnable ended =
        store.transact(tx -> {
          tx.update(ApiModel.USER, account, u -> u.with(b -> b.passwordHash(hash)));
          return sessions.closeAll(
              tx, s -> s.userName().equals(name) && !s.ref().equals(call.session()));
        });
    ended.run();
  }
}

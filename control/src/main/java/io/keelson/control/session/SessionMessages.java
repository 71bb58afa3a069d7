package io.keelson.control.session;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.SessionLogin;
import io.keelson.api.messages.SessionPasswords;
import io.keelson.api.messages.SessionSubjects;
import io.keelson.store.Store;
import java.util.List;
import java.util.stream.Stream;

/** The messages about sessions. */
public final class SessionMessages {
  private SessionMessages() {}

  public static List<BoundMessage> all(Store store, Sessions sessions, Accounts accounts) {
    return Stream.of(
            SessionLogin.bind(new SessionLoginHandler(sessions, accounts)),
            SessionPasswords.bind(new SessionPasswordsHandler(store, sessions, accounts)),
            SessionSubjects.bind(new SessionSubjectsHandler(store, sessions)))
        .flatMap(List::stream)
        .toList();
  }
}

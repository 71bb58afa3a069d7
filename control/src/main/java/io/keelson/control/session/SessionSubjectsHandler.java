package io.keelson.control.session;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.messages.SessionSubjects;
import io.keelson.api.model.Session;
import io.keelson.store.Row;
import io.keelson.store.Store;
import java.util.List;

/** Which users of the directory are logged in. */
final class SessionSubjectsHandler implements SessionSubjects {
  private final Store store;
  private final Sessions sessions;

  SessionSubjectsHandler(Store store, Sessions sessions) {
    this.store = store;
    this.sessions = sessions;
  }

  @Override
  public List<String> getAllSubjectIdentifiers(Call call) {
    return store
        .snapshot()
        .rows(ApiModel.SESSION)
        .map(Row::record)
        .map(Session::authUserSid)
        .filter(sid -> !sid.isEmpty())
        .distinct()
        .sorted()
        .toList();
  }

  @Override
  public void logoutSubjectIdentifier(Call call, String subjectIdentifier) {
    sessions.closeAll(s ->
        !s.ref().equals(call.session())
            && store
                .snapshot()
                .find(ApiModel.SESSION, s.ref())
                .filter(r -> r.authUserSid().equals(subjectIdentifier))
                .filter(r -> !subjectIdentifier.isEmpty())
                .isPresent());
  }
}

package io.keelson.control.access;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.ConsoleLifecycle;
import io.keelson.api.messages.RoleMessages;
import io.keelson.api.messages.SecretLifecycle;
import io.keelson.api.messages.SubjectLifecycle;
import io.keelson.api.messages.SubjectRoles;
import io.keelson.api.messages.UserLifecycle;
import io.keelson.control.session.Sessions;
import io.keelson.store.Store;
import java.util.List;
import java.util.stream.Stream;

/** The messages about who may do what. */
public final class AccessMessages {
  private AccessMessages() {}

  public static List<BoundMessage> all(Store store, Sessions sessions) {
    SubjectHandler subjects = new SubjectHandler(store, sessions);
    return Stream.of(
            RoleMessages.bind(new RoleMessagesHandler(store)),
            SubjectLifecycle.bind(subjects),
            SubjectRoles.bind(subjects),
            UserLifecycle.bind(new UserHandler(store)),
            SecretLifecycle.bind(new SecretHandler(store)),
            ConsoleLifecycle.bind(new ConsoleHandler(store)))
        .flatMap(List::stream)
        .toList();
  }
}

package io.keelson.control.directory;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.AuthMessages;
import io.keelson.api.messages.HostExternalAuth;
import io.keelson.api.messages.PoolExternalAuth;
import io.keelson.control.alert.Alerts;
import io.keelson.control.session.ExternalUsers;
import io.keelson.control.session.Sessions;
import io.keelson.host.Directories;
import io.keelson.store.Store;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** The pool's directory of users: all that there is to it. */
public final class ExternalAuthentication {
  private final Store store;
  private final Clock clock;
  private final Sessions sessions;
  private final Directories directories;
  private final CurrentDirectory current;
  private final Admissions admissions;
  private final Revalidation revalidation;

  public ExternalAuthentication(
      Store store, Clock clock, Sessions sessions, Directories directories) {
    this.store = store;
    this.clock = clock;
    this.sessions = sessions;
    this.directories = directories;
    this.current = new CurrentDirectory(store, directories);
    this.admissions = new Admissions(store);
    this.revalidation = new Revalidation(store, clock, sessions, current, admissions);
  }

  /** Whom log-ins are asked of. */
  public ExternalUsers users() {
    return new DirectoryUsers(current, admissions);
  }

  /** The messages about it. */
  public List<BoundMessage> messages() {
    AuthSwitch auth = new AuthSwitch(store, sessions, directories);
    return Stream.of(
            AuthMessages.bind(new AuthMessagesHandler(current)),
            HostExternalAuth.bind(new HostExternalAuthHandler(auth)),
            PoolExternalAuth.bind(new PoolExternalAuthHandler(store, new Alerts(clock), auth)))
        .flatMap(List::stream)
        .toList();
  }

  /** Ends the sessions whose users may no longer have one; done now and then, as it waits. */
  public void revalidate() {
    revalidation.run();
  }
}

package io.keelson.control.directory;

import io.keelson.control.session.ExternalUsers;
import io.keelson.host.Directory;
import io.keelson.host.DirectoryException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The users of the pool's directory, for logging in. */
final class DirectoryUsers implements ExternalUsers {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryUsers.class);

  private final CurrentDirectory current;
  private final Admissions admissions;

  DirectoryUsers(CurrentDirectory current, Admissions admissions) {
    this.current = current;
    this.admissions = admissions;
  }

  @Override
  public boolean enabled() {
    return current.settings().isPresent();
  }

  @Override
  public Answer authenticate(String name, String password) {
    try {
      Optional<Directory> directory = current.find();
      return directory.isEmpty()
          ? new Wrong()
          : admissions.of(directory.get(), directory.get().authenticate(name, password));
    } catch (DirectoryException e) {
      return switch (e.reason()) {
        case REFUSED -> new Wrong();
        case INVALID, NO_SERVER, UNREACHABLE, WRONG_CREDENTIALS, DENIED, NOT_FOUND, FAILED -> {
          LOG.warn("the directory did not answer a log-in: {}", e.why());
          yield new NotAdmitted("the directory does not answer");
        }
      };
    }
  }
}

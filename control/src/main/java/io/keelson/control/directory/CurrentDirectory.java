package io.keelson.control.directory;

import io.keelson.host.Directories;
import io.keelson.host.Directory;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.Map;
import java.util.Optional;

/** The directory that the pool has now, opened once for each configuration. */
final class CurrentDirectory {
  private final Store store;
  private final Directories directories;
  private volatile Optional<Opened> last = Optional.empty();

  private record Opened(AuthSettings settings, Map<String, String> given, Directory directory) {}

  CurrentDirectory(Store store, Directories directories) {
    this.store = store;
    this.directories = directories;
  }

  Optional<AuthSettings> settings() {
    return AuthSettings.ofPool(store.snapshot());
  }

  /**
   * @throws io.keelson.host.DirectoryException INVALID
   */
  Optional<Directory> find() {
    Snapshot state = store.snapshot();
    Optional<AuthSettings> settings = AuthSettings.ofPool(state);
    if (settings.isEmpty()) {
      last = Optional.empty();
      return Optional.empty();
    }
    Map<String, String> given = settings.get().forDriver(state);
    Optional<Opened> opened =
        last.filter(o -> o.settings.equals(settings.get()) && o.given.equals(given));
    if (opened.isEmpty()) {
      opened =
          Optional.of(
              new Opened(
                  settings.get(),
                  given,
                  directories.open(settings.get().type(), settings.get().service(), given)));
      last = opened;
    }
    return opened.map(Opened::directory);
  }
}

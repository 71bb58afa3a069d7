package io.keelson.server;

import io.keelson.api.ApiError;
import io.keelson.control.Control;
import io.keelson.control.backup.HostBackup;
import io.keelson.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code restore --data DIR FILE}: a host's backup for a folder whose server does not answer. */
final class RestoredFile {
  private static final int WORDS = 3;

  private RestoredFile() {}

  /**
   * Checks a backup and keeps it for the next start.
   *
   * @return what was done
   * @throws UsageError when the words make no sense
   * @throws StoreException when the backup is not restored
   */
  static String restore(List<String> words) throws IOException {
    if (words.size() != WORDS || !words.getFirst().equals("--data")) {
      throw new UsageError("restore needs --data DIR FILE");
    }
    Path file = Path.of(words.get(2));
    try (InputStream in = Files.newInputStream(file)) {
      HostBackup.restore(Path.of(words.get(1)), Control.derivation(), in);
    } catch (ApiError e) {
      throw new StoreException(file + ": " + String.join(" ", e.description()));
    }
    return "%s is restored when the server starts next%n".formatted(file);
  }
}

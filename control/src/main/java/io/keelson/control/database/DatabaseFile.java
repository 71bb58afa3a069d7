package io.keelson.control.database;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.model.User;
import io.keelson.store.Snapshot;
import io.keelson.store.StoreCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The pool's objects as a file. Whoever can read a repository can read it, so that it has no
 * sessions, whose references are as good as passwords, and no hashes of passwords.
 */
final class DatabaseFile {
  private DatabaseFile() {}

  static void write(Snapshot state, Path file) throws IOException {
    StoreCopy.write(state, DatabaseFile::chosen, file);
  }

  static Snapshot read(Path file) throws IOException {
    return StoreCopy.read(file);
  }

  /** Whether changes to objects of the class show in a copy. */
  static boolean has(ApiClass<?> apiClass) {
    return apiClass != ApiModel.SESSION && apiClass != ApiModel.TASK;
  }

  private static <R extends ApiRecord> Optional<R> chosen(ApiClass<R> apiClass, R record) {
    return has(apiClass) ? Optional.of(withoutPassword(record)) : Optional.empty();
  }

  @SuppressWarnings("unchecked") // a record becomes one of the same class
  private static <R extends ApiRecord> R withoutPassword(R record) {
    return record instanceof User user ? (R) user.with(b -> b.passwordHash("")) : record;
  }
}

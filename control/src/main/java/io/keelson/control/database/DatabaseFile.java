package io.keelson.control.database;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.model.User;
import io.keelson.store.ObjectId;
import io.keelson.store.Snapshot;
import io.keelson.store.StoreCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
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

  /** A file with the changes that came after it. */
  static Snapshot read(Path file, List<byte[]> changes) throws IOException {
    return StoreCopy.replay(file, changes);
  }

  /** What has become of objects, for {@link #read(Path, List)}. */
  static byte[] difference(Snapshot state, Collection<ObjectId<?>> changed) {
    return StoreCopy.difference(state, changed, DatabaseFile::chosen);
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

package io.keelson.host.storage;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/**
 * Passwords of attached repositories, in files that only this user reads: QEMU takes them from
 * there.
 *
 * @param folder where the files are
 */
record PasswordFiles(Path folder) {

  /** The file, absolute, that holds the repository's password and nothing else. */
  Path keep(UUID sr, String password) {
    try {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      Path draft = folder.resolve(sr + ".new");
      Files.writeString(draft, password);
      return Files.move(draft, folder.resolve(sr.toString()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot keep a password", e);
    }
  }

  void drop(UUID sr) {
    try {
      Files.deleteIfExists(folder.resolve(sr.toString()));
    } catch (IOException e) {
      throw new DriverException(Reason.FAILED, "cannot remove a password", e);
    }
  }
}

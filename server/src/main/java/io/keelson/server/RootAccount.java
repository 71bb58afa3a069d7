package io.keelson.server;

import io.keelson.api.ApiModel;
import io.keelson.control.session.Accounts;
import io.keelson.control.session.PasswordHash;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The superuser's account at first boot. A password that nobody chose is made, and kept in {@code
 * DIR/root-password}, which only the server's own user can read.
 */
final class RootAccount {
  private static final int RANDOM_BYTES = 18;

  private final Path file;
  private final Optional<String> chosen;

  RootAccount(Path data, Optional<String> chosen) {
    this.file = data.resolve("root-password");
    this.chosen = chosen;
  }

  /**
   * What first boot has to write. Hashing is slow on purpose, so it is done here and not inside the
   * transaction.
   */
  Consumer<Transaction> preparedFor(Snapshot state) {
    if (state.table(ApiModel.USER).size() > 0) {
      return _ -> {};
    }
    PasswordHash hash = PasswordHash.of(chosen.orElseGet(this::kept));
    return tx -> Accounts.createRoot(tx, hash);
  }

  /** A password that an interrupted first boot made already, or a new one. */
  private String kept() {
    try {
      if (Files.exists(file)) {
        return Files.readString(file).strip();
      }
      byte[] random = new byte[RANDOM_BYTES];
      new SecureRandom().nextBytes(random);
      String password = Base64.getUrlEncoder().encodeToString(random);
      Path next =
          Files.createFile(
              file.resolveSibling("root-password.new"),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(next, password + "\n", StandardOpenOption.WRITE);
      Files.move(next, file);
      return password;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep root's password in " + file, e);
    }
  }
}

package io.keelson.control.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a host seals its archives with, so that it knows them again and sees any change. It is in no
 * archive: whoever has one could make others.
 */
final class BackupKey {
  private static final String FILE = "backup-key";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 32;

  private final SecretKeySpec key;

  private BackupKey(byte[] bytes) {
    this.key = new SecretKeySpec(bytes, ALGORITHM);
  }

  /** Decides whether a text is believed. */
  @FunctionalInterface
  interface Trust {
    /** For who is at the host's own shell, and may write all of its files anyway. */
    Trust ALL = (_, _) -> true;

    boolean believes(String text, String seal);
  }

  /** The key of a host, made when it is first asked for. */
  static synchronized BackupKey of(Path data) throws IOException {
    Path file = data.resolve(FILE);
    if (!Files.exists(file)) {
      byte[] random = new byte[BYTES];
      new SecureRandom().nextBytes(random);
      Path next = file.resolveSibling(FILE + ".new");
      Files.deleteIfExists(next);
      Files.createFile(
          next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(next, random, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length != BYTES) {
      throw new IOException(file + " is no key");
    }
    return new BackupKey(bytes);
  }

  String seal(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  boolean believes(String text, String seal) {
    return BackupManifest.same(seal(text), seal);
  }
}

package io.keelson.control.session;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password's slow salted hash, as it is kept: PBKDF2 with HMAC-SHA-256.
 *
 * @param iterations how slow it is
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, only matched
public record PasswordHash(int iterations, byte[] salt, byte[] hash) {
  /** What passwords that are set now get. */
  public static final int ITERATIONS = 600_000;

  private static final int SALT_BYTES = 16;
  private static final int HASH_BITS = 256;
  private static final Pattern FORM =
      Pattern.compile("pbkdf2-sha256:(\\d{1,9}):([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)");

  /** The hash of a password that is set now, under a fresh salt. */
  public static PasswordHash of(String password) {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    return new PasswordHash(ITERATIONS, salt, derive(password, salt, ITERATIONS));
  }

  /** Reads what {@link #text} wrote; empty for anything else, no password among them. */
  public static Optional<PasswordHash> parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    Base64.Decoder base64 = Base64.getDecoder();
    return Optional.of(
        new PasswordHash(
            Integer.parseInt(m.group(1)), base64.decode(m.group(2)), base64.decode(m.group(3))));
  }

  public boolean matches(String password) {
    return MessageDigest.isEqual(hash, derive(password, salt, iterations));
  }

  /** As it is kept in the store. */
  public String text() {
    Base64.Encoder base64 = Base64.getEncoder();
    return "pbkdf2-sha256:%d:%s:%s"
        .formatted(iterations, base64.encodeToString(salt), base64.encodeToString(hash));
  }

  @Override
  public String toString() {
    return "PasswordHash";
  }

  private static byte[] derive(String password, byte[] salt, int iterations) {
    PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks PBKDF2", e);
    } finally {
      spec.clearPassword();
    }
  }
}

package io.keelson.control.session;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Which passwords the slow hash has already found right, so that the next log-in is fast. Kept as a
 * keyed hash whose key lives and dies with the process; a changed password is not among them, since
 * the kept hash is part of what is hashed.
 */
final class KnownPasswords {
  private final SecretKeySpec key;
  private final Map<String, byte[]> byUser = new ConcurrentHashMap<>();

  KnownPasswords() {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    key = new SecretKeySpec(random, "HmacSHA256");
  }

  boolean contains(String user, String keptHash, String password) {
    byte[] known = byUser.get(user);
    return known != null && MessageDigest.isEqual(known, mac(keptHash, password));
  }

  void add(String user, String keptHash, String password) {
    byUser.put(user, mac(keptHash, password));
  }

  private byte[] mac(String keptHash, String password) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(keptHash.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks HmacSHA256", e);
    }
  }
}

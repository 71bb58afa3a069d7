package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** Hardware addresses of network cards. */
public final class Macs {
  private static final Pattern MAC = Pattern.compile("([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}");
  private static final int LENGTH = 6;
  private static final int MULTICAST = 0x01;
  private static final int LOCAL = 0x02;

  private Macs() {}

  /**
   * The address as it is recorded.
   *
   * @throws io.keelson.api.ApiError MAC_INVALID for what is no address of a single card
   */
  static String checked(String text) {
    if (!MAC.matcher(text).matches()
        || (Integer.parseInt(text.substring(0, 2), 16) & MULTICAST) != 0) {
      throw ApiErrors.macInvalid(text);
    }
    return text.toLowerCase(Locale.ROOT);
  }

  /**
   * The address that a seed gives to a device: the same each time, locally administered. The hash
   * is taken once for each device before it, and once more.
   */
  public static String generated(String seed, int device) {
    byte[] hash = seed.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i <= device; i++) {
      hash = md5(hash);
    }
    byte[] mac = new byte[LENGTH];
    System.arraycopy(hash, 0, mac, 0, LENGTH);
    mac[0] = (byte) ((mac[0] & ~MULTICAST) | LOCAL);
    return HexFormat.ofDelimiter(":").formatHex(mac);
  }

  /** Spreads addresses, and keeps no secret. */
  private static byte[] md5(byte[] input) {
    try {
      return MessageDigest.getInstance("MD5").digest(input);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has MD5", e);
    }
  }
}

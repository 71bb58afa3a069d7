package io.keelson.host.network;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * The tap device of a machine's card. Its name follows from the two alone, so that it is found
 * again after a restart, and fits the kernel's 15 characters; its owner, kept at the device, tells
 * it from another that got the same name by chance.
 *
 * @param device its name
 * @param owner the machine and card it belongs to
 */
record Tap(String device, String owner) {

  static Tap of(UUID vm, int device) {
    String digest = HexFormat.of().formatHex(sha256(vm.toString())).substring(0, 10);
    return new Tap("kt" + digest + "." + device, "keelson " + vm + " " + device);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

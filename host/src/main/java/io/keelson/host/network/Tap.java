package io.keelson.host.network;

import java.nio.ByteBuffer;
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
  /** How the owner of every tap begins. */
  static final String OWNED = "keelson ";

  /** Marks the tap of a run that is still to come. */
  private static final String NEXT = " next";

  static Tap of(UUID vm, int device) {
    return named("kt", vm, device);
  }

  /**
   * The same card's other tap: while a machine moves from one process to another both have one, and
   * afterwards it keeps whichever is in use.
   */
  static Tap other(UUID vm, int device) {
    return named("ku", vm, device);
  }

  private static Tap named(String prefix, UUID vm, int device) {
    return new Tap(named(prefix, vm.toString()) + "." + device, OWNED + vm + " " + device);
  }

  /** The device as a tap of a run that is still to come. */
  Tap next() {
    return new Tap(device, owner + NEXT);
  }

  /** A device's name of at most 12 characters that follows from a text. */
  static String named(String prefix, String text) {
    return prefix + HexFormat.of().formatHex(sha256(text)).substring(0, 10);
  }

  /** A number that tells this tap from others. */
  long cookie() {
    return ByteBuffer.wrap(sha256(device)).getLong() & Long.MAX_VALUE;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

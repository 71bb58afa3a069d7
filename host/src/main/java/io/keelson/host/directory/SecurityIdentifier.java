package io.keelson.host.directory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Identifiers of Active Directory in their two forms: bytes in the directory, {@code S-1-5-21-...}
 * for people.
 */
final class SecurityIdentifier {
  private static final int HEAD = 8;
  private static final int MOST_PARTS = 15;
  private static final long MOST_AUTHORITY = (1L << 48) - 1;

  private SecurityIdentifier() {}

  static Optional<String> text(byte[] bytes) {
    if (bytes.length < HEAD || bytes[0] != 1 || bytes.length != HEAD + 4 * bytes[1]) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    StringBuilder text = new StringBuilder("S-1-").append(in.getLong(0) & MOST_AUTHORITY);
    in.order(ByteOrder.LITTLE_ENDIAN).position(HEAD);
    while (in.hasRemaining()) {
      text.append('-').append(Integer.toUnsignedLong(in.getInt()));
    }
    return Optional.of(text.toString());
  }

  static Optional<byte[]> bytes(String text) {
    if (!text.matches("S-1-\\d{1,15}(-\\d{1,10}){0,15}")) {
      return Optional.empty();
    }
    String[] words = text.split("-");
    int parts = words.length - 3;
    long authority = Long.parseLong(words[2]);
    if (authority > MOST_AUTHORITY || parts > MOST_PARTS) {
      return Optional.empty();
    }
    ByteBuffer out = ByteBuffer.allocate(HEAD + 4 * parts);
    out.putLong(0, authority).put(0, (byte) 1).put(1, (byte) parts);
    out.order(ByteOrder.LITTLE_ENDIAN).position(HEAD);
    for (int i = 3; i < words.length; i++) {
      long part = Long.parseLong(words[i]);
      if (part > 0xffff_ffffL) {
        return Optional.empty();
      }
      out.putInt((int) part);
    }
    return Optional.of(out.array());
  }

  /** The identifier beside another in its domain. */
  static String sibling(String identifier, String last) {
    return identifier.substring(0, identifier.lastIndexOf('-') + 1) + last;
  }
}

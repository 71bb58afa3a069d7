package io.keelson.control.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Texts in entries: in quotes, on one line, and not for ever. */
final class AuditText {
  private static final int LONGEST = 256;
  private static final int TRAIL_BYTES = 16;

  private AuditText() {}

  static String list(String... texts) {
    return Stream.of(texts).map(AuditText::quoted).collect(Collectors.joining(" ", "(", ")"));
  }

  static String quoted(String text) {
    String some = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    StringBuilder out = new StringBuilder("'");
    some.chars()
        .forEach(c -> {
          if (c == '\'' || c == '\\') {
            out.append('\\').append((char) c);
          } else if (Character.isISOControl(c) || Character.isSurrogate((char) c)) {
            out.append("\\u%04x".formatted(c));
          } else {
            out.append((char) c);
          }
        });
    return out.append('\'').toString();
  }

  /** By what a session is told apart from others, and cannot be taken over. */
  static String trail(String session) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(session.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, TRAIL_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JDK lacks SHA-256", e);
    }
  }
}

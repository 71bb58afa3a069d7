package io.keelson.control.audit;

import io.keelson.control.Sha256;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Texts in entries: in quotes, on one line, and not for ever. */
final class AuditText {
  private static final int LONGEST = 256;
  private static final int TRAIL_DIGITS = 32;

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
    return Sha256.of(session).substring(0, TRAIL_DIGITS);
  }
}

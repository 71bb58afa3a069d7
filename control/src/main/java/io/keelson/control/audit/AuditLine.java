package io.keelson.control.audit;

import io.keelson.control.Sha256;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * A line of the audit log: {@code TIME|audit|NUMBER|HASH|ENTRY}. The hash covers the rest of the
 * line and the hash of the line before.
 *
 * @param number from 1, by one more each line
 * @param entry what was done, on one line
 */
record AuditLine(String time, long number, String hash, String entry) {
  /** What the first line of all follows. */
  static final String NOTHING = "0".repeat(64);

  private static final String HASH = "[0-9a-f]{64}";
  private static final String HEAD = "# follows ";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  static AuditLine after(String before, long number, Instant time, String entry) {
    String text = TIME.format(time);
    return new AuditLine(text, number, hash(before, text, number, entry), entry);
  }

  /** What the hash should be after that of the line before. */
  String expected(String before) {
    return hash(before, time, number, entry);
  }

  private static String hash(String before, String time, long number, String entry) {
    return Sha256.of(before + "\n" + time + "|" + number + "|" + entry);
  }

  /** Empty for what is no such line. */
  static Optional<AuditLine> parse(String line) {
    String[] parts = line.split("\\|", 5);
    boolean well =
        parts.length == 5
            && parts[1].equals("audit")
            && parts[2].matches("[1-9]\\d{0,17}")
            && parts[3].matches(HASH);
    return well
        ? Optional.of(new AuditLine(parts[0], Long.parseLong(parts[2]), parts[3], parts[4]))
        : Optional.empty();
  }

  String text() {
    return time + "|audit|" + number + "|" + hash + "|" + entry;
  }

  /** The first line of a file: what its next line follows. */
  static String head(String before) {
    return HEAD + before;
  }

  static Optional<String> parseHead(String line) {
    return line.matches(HEAD + HASH)
        ? Optional.of(line.substring(HEAD.length()))
        : Optional.empty();
  }

  /** A time of the same form, so that the order of texts is that of times. */
  static String time(Instant instant) {
    return TIME.format(instant);
  }
}

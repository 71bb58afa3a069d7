package io.keelson.host;

import java.util.Map;

/**
 * A user or a group as a directory knows it.
 *
 * @param identifier that never changes and is never given to another
 * @param name that people know it by
 * @param facts what else is known, by the names that XenAPI's clients look for
 */
public record DirectoryEntry(
    String identifier, String name, boolean group, Standing standing, Map<String, String> facts) {
  /** Whether an account may be used. */
  public enum Standing {
    GOOD("is in good standing"),
    DISABLED("is disabled"),
    LOCKED("is locked"),
    EXPIRED("has expired"),
    PASSWORD_EXPIRED("must change its password");

    private final String text;

    Standing(String text) {
      this.text = text;
    }

    /** What is said of the account. */
    public String text() {
      return text;
    }
  }

  public DirectoryEntry {
    facts = Map.copyOf(facts);
  }
}

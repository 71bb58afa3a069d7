package io.keelson.conformance.report;

/**
 * Something that is measured.
 *
 * @param name a message, a field, or one of them with an error or a role behind a space
 */
public record Subject(Kind kind, String name) implements Comparable<Subject> {
  /** What can be measured. */
  public enum Kind {
    METHOD("methods"),
    FIELD("fields"),
    ERROR("errors"),
    ROLE("roles"),
    IMPLICIT("implicit"),
    CASE("cases");

    private final String plural;

    Kind(String plural) {
      this.plural = plural;
    }

    public String plural() {
      return plural;
    }
  }

  public static Subject of(Kind kind, String name) {
    return new Subject(kind, name);
  }

  @Override
  public int compareTo(Subject other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : name.compareTo(other.name);
  }
}

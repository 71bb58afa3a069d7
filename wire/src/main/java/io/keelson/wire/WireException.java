package io.keelson.wire;

/** A request that could not be read. */
public final class WireException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why it could not be read. */
  public enum Kind {
    /** It is not well-formed XML or JSON. */
    MALFORMED,
    /** It is well-formed, but no call. */
    NOT_A_CALL,
    /** It holds text that is not valid UTF-8 or has characters that XML does not allow. */
    INVALID_TEXT,
    /** It has a document type declaration; none is ever read. */
    DOCTYPE,
    /** It is deeper, longer or larger than {@link WireLimits} allow. */
    LIMIT
  }

  private final Kind kind;

  WireException(Kind kind, String message) {
    // Hostile input must not cost a stack trace each.
    super(message, null, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** What it says, without the kind; never quotes the request. */
  public String why() {
    return String.valueOf(getMessage());
  }
}

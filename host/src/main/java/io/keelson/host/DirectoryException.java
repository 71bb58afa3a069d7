package io.keelson.host;

/** A directory did not do what was asked. The message says why and holds no password. */
public final class DirectoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why, in the terms a caller can act on. */
  public enum Reason {
    /** The settings make no sense, or do not fit this directory. */
    INVALID,
    /** The domain has no directory that could be found. */
    NO_SERVER,
    /** No server answers, or none that proves to be the right one. */
    UNREACHABLE,
    /** The directory does not let the account in that questions are asked with. */
    WRONG_CREDENTIALS,
    /** That account may not ask this. */
    DENIED,
    /** The user is not known by that name and password. */
    REFUSED,
    /** There is no such user or group. */
    NOT_FOUND,
    /** The directory failed; the message holds what it said. */
    FAILED
  }

  private final Reason reason;
  private final String why;

  public DirectoryException(Reason reason, String message) {
    super(message);
    this.reason = reason;
    this.why = message;
  }

  public DirectoryException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.why = message;
  }

  public Reason reason() {
    return reason;
  }

  /** What happened, for people. */
  public String why() {
    return why;
  }
}

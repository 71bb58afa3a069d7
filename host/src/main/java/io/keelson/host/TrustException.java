package io.keelson.host;

/** A certificate or revocation list was not taken, not found, or not readable. */
public final class TrustException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why, in the terms a caller can act on. */
  public enum Reason {
    /** The name is empty, too long, hidden, or has characters that file names should not have. */
    NAME_INVALID,
    ALREADY_EXISTS,
    DOES_NOT_EXIST,
    /** It is not one block of PEM, or not what it should be. */
    CORRUPT
  }

  private final Reason reason;
  private final Trust.Kind kind;
  private final String name;

  public TrustException(Reason reason, Trust.Kind kind, String name) {
    super(reason + ": " + kind + " " + name);
    this.reason = reason;
    this.kind = kind;
    this.name = name;
  }

  public Reason reason() {
    return reason;
  }

  public Trust.Kind kind() {
    return kind;
  }

  /** Of what is meant. */
  public String name() {
    return name;
  }
}

package io.keelson.host;

/** A driver could not do what was asked. The control layer turns it into an API error, once. */
public final class DriverException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why, in the terms a caller can act on. */
  public enum Reason {
    /** The domain, volume, pool or bridge named does not exist on this host. */
    NOT_FOUND,
    /** It exists already. */
    ALREADY_EXISTS,
    /** Its state does not allow the request (for example, the domain is not running). */
    WRONG_STATE,
    /** The guest was asked and did not do it. */
    REJECTED_BY_GUEST,
    /** The guest was asked and did not answer in time. */
    GUEST_SILENT,
    /** No space is left where the data would go. */
    NO_SPACE,
    /** The machine lacks what the request needs (a device, a kernel module, a program). */
    UNSUPPORTED,
    /** The request itself is malformed: a bad path, size or device name. */
    INVALID,
    /** The data read back is damaged. */
    CORRUPT,
    /** The caller cancelled the work. */
    CANCELLED,
    /** The program or device underneath failed; the message holds what it said. */
    FAILED
  }

  private final Reason reason;

  public DriverException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public DriverException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}

package io.keelson.host;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
  private final @Nullable StorageFault fault;
  private final String choices;

  public DriverException(Reason reason, String message) {
    super(message);
    this.reason = reason;
    this.fault = null;
    this.choices = "";
  }

  public DriverException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.fault = null;
    this.choices = "";
  }

  private DriverException(StorageFault fault, String why, String choices) {
    super(fault.text() + (why.isEmpty() ? "" : " [" + why + "]"));
    this.reason = Reason.INVALID;
    this.fault = fault;
    this.choices = choices;
  }

  /** A fault of a repository's configuration or surroundings. */
  public static DriverException of(StorageFault fault, String why) {
    return new DriverException(fault, why, "");
  }

  /**
   * A parameter of a repository that is missing.
   *
   * @param choices what it could be, as XML
   */
  public static DriverException choose(StorageFault fault, String choices) {
    return new DriverException(fault, "", choices);
  }

  public Reason reason() {
    return reason;
  }

  /** The numbered fault that it is, if it is one. */
  public Optional<StorageFault> fault() {
    return Optional.ofNullable(fault);
  }

  /** What a missing parameter could be, as XML; else empty. */
  public String choices() {
    return choices;
  }
}

package io.keelson.host.pool;

import java.util.List;

/** That another pool could not be spoken to. */
public final class RemoteFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final List<String> details;

  /** What went wrong. */
  public enum Reason {
    /** Nobody answers at the address, or it is none. */
    UNREACHABLE,
    /** Whoever answers does not prove who it is. */
    DOUBTED,
    /** Whoever answers is no such server. */
    NO_SERVICE,
    /** The server answers with an error of the API. */
    REFUSED
  }

  RemoteFailure(Reason reason, String message) {
    super(message);
    this.reason = reason;
    this.details = List.of();
  }

  RemoteFailure(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.details = List.of();
  }

  RemoteFailure(Reason reason, String message, List<String> details) {
    super(message);
    this.reason = reason;
    this.details = List.copyOf(details);
  }

  public Reason reason() {
    return reason;
  }

  /** Of a refusal: what the error names; its code is the message. */
  public List<String> details() {
    return details;
  }
}

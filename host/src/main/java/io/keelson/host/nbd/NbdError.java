package io.keelson.host.nbd;

import java.io.IOException;

/** A request that the NBD server could not do. */
final class NbdError extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int NO_SPACE = 28;

  private final int number;

  /**
   * @param number as the protocol has it: the usual errno
   */
  NbdError(int number, String message) {
    super(message.isEmpty() ? "error " + number : message);
    this.number = number;
  }

  boolean noSpace() {
    return number == NO_SPACE;
  }
}

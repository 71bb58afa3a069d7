package io.keelson.cli.client;

import java.io.IOException;

/** xe cannot go on; the message says to its user why, with a line break at its end. */
final class ClientException extends IOException {
  private final boolean usage;

  private ClientException(String why, boolean usage) {
    super(why + "\n");
    this.usage = usage;
  }

  /** Something is not there, not allowed or broken. */
  static ClientException failed(String why) {
    return new ClientException(why, false);
  }

  /** The words make no sense to xe: its user is told how it is called. */
  static ClientException usage(String why) {
    return new ClientException(why, true);
  }

  boolean isUsage() {
    return usage;
  }

  /** What its user reads. */
  String text() {
    return String.valueOf(getMessage());
  }
}

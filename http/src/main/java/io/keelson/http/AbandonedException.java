package io.keelson.http;

/** The client went away before its call began to wait. */
final class AbandonedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AbandonedException() {
    super("the client went away", null, false, false);
  }
}

package io.keelson.conformance.rpc;

/** The server lets nobody in with that name and password. */
public final class LoginException extends Exception {
  private static final long serialVersionUID = 1L;

  public LoginException(String message) {
    super(message);
  }
}

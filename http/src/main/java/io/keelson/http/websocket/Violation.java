package io.keelson.http.websocket;

/** A client sent what it must not; the connection ends with this reason. */
final class Violation extends Exception {
  private static final long serialVersionUID = 1L;

  private final CloseCode code;

  Violation(CloseCode code, String what) {
    super(what, null, false, false);
    this.code = code;
  }

  CloseCode code() {
    return code;
  }
}

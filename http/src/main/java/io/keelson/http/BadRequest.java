package io.keelson.http;

/** A request that HTTP itself refuses; the connection ends with the reply. */
final class BadRequest extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  BadRequest(int status, String why) {
    super(why, null, false, false);
    this.status = status;
  }

  Response response() {
    return Pages.error(status, Pages.escape(String.valueOf(getMessage()))).closing();
  }
}

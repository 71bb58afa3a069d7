package io.keelson.conformance.fuzz.make;

/**
 * A request, or several in a row, to be sent as it stands but for what {@code @{...}} stands for.
 *
 * @param about what it is, for people
 * @param raw its bytes, a character each
 * @param replies how many responses are owed
 */
public record Request(String about, String raw, Wanted wanted, int replies) {
  private static final String END = "\r\n\r\n";

  static Request of(String about, String head, String body, Wanted wanted) {
    return new Request(about, head + END + body, wanted, 1);
  }

  /** A request with a body, as any client sends it. */
  static Request post(String about, String path, String type, String body, Wanted wanted) {
    String head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: fuzz\r\nContent-Type: "
            + type
            + "\r\nContent-Length: @{length}";
    return of(about, head, body, wanted);
  }

  /** Whether it may rightly wait for something that never happens. */
  public boolean mayWait() {
    return about.contains("event.next") || about.contains("event.from");
  }
}

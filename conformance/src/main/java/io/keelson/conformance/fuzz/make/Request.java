package io.keelson.conformance.fuzz.make;

import io.keelson.conformance.surface.Role;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A request, or several in a row, to be sent as it stands but for what {@code @{...}} stands for.
 *
 * @param about what it is, for people
 * @param raw its bytes, a character each
 * @param replies how many responses are owed
 */
public record Request(String about, String raw, Wanted wanted, int replies) {
  /** How the names of roles' sessions begin. */
  public static final String OF_ROLE = "session:";

  private static final String SESSION = "@{session}";
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

  /** The same, sent by somebody who has but that role. */
  Request by(Role role) {
    return new Request(about, raw.replace(SESSION, session(role)), wanted, replies);
  }

  /** Whose session it is sent with, if it is one of a role's. */
  public Optional<Role> role() {
    return Stream.of(Role.values()).filter(role -> raw.contains(session(role))).findFirst();
  }

  private static String session(Role role) {
    return "@{" + OF_ROLE + role.text() + "}";
  }

  /** Whether it may rightly wait for something that never happens. */
  public boolean mayWait() {
    return about.contains("event.next") || about.contains("event.from");
  }
}

package io.keelson.conformance.fuzz.make;

import io.keelson.conformance.surface.Role;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A request, or several in a row, to be sent as it stands but for what {@code @{...}} stands for.
 *
 * @param about what it is, for people
 * @param raw its bytes, a character each
 * @param replies how many responses are owed
 */
public record Request(String about, String raw, Wanted wanted, int replies) {
  /**
   * Between what is sent at once and what is sent each time that a server of xe's commands asks.
   */
  public static final String THEN = "@{then}";

  private static final Pattern BETWEEN = Pattern.compile(THEN, Pattern.LITERAL);

  /** How both ends begin to speak the protocol of xe. */
  public static final String XE = "XenSource thin CLI protocol";

  /** What is about a client that may have left out a part, for which the server waits. */
  static final String CUT = "cut";

  /** How the names of roles' sessions begin. */
  public static final String OF_ROLE = "session:";

  private static final List<String> WAITING =
      List.of(
          CUT + " /cli",
          "event.next",
          "event.from",
          "VM_appliance.start",
          "VM_appliance.clean_shutdown",
          "VM_appliance.hard_shutdown",
          "VM_appliance.shutdown");

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

  /** What is sent at once, and what later, in turn. */
  public List<String> parts() {
    return List.of(BETWEEN.split(raw, -1));
  }

  /**
   * Whether it may rightly wait for something that never happens, or for as long as the VMs of an
   * appliance say.
   */
  public boolean mayWait() {
    return WAITING.stream().anyMatch(about::contains);
  }
}

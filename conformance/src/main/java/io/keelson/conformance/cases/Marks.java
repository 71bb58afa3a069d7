package io.keelson.conformance.cases;

import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.rpc.Values;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** Names by which everything that a run makes is known as its own. */
public final class Marks {
  /** With which all names begin that any run gives. */
  public static final String ANY = "keelson-conformance";

  private final String run = ANY + " " + UUID.randomUUID().toString().substring(0, 8);
  private final AtomicInteger made = new AtomicInteger();
  private final String user;
  private final String password;

  /**
   * @param user who runs the cases, and may log in again with that password
   */
  public Marks(String user, String password) {
    this.user = user;
    this.password = password;
  }

  /** With which the names of this run begin. */
  public String run() {
    return run;
  }

  /** A name that nothing has. */
  public JsonNode name() {
    return Values.text(run + " " + made.incrementAndGet());
  }

  /** What variables mean that are the same in every case. */
  Optional<JsonNode> named(String variable, Session root) {
    return switch (variable.replaceFirst("\\d+$", "")) {
      case "name" -> Optional.of(name());
      case "run" -> Optional.of(Values.text(run));
      case "null" -> Optional.of(Values.NULL_REFERENCE);
      case "dead" -> Optional.of(Values.deadReference());
      case "uuid" -> Optional.of(Values.text(UUID.randomUUID().toString()));
      case "user" -> Optional.of(Values.text(user));
      case "password" -> Optional.of(Values.text(password));
      case "session" -> Optional.of(root.reference());
      case "address" -> Optional.of(Values.text(root.server().url().toString()));
      default -> Optional.empty();
    };
  }
}

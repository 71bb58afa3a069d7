package io.keelson.conformance.cases;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.keelson.conformance.rpc.Session;
import io.keelson.conformance.rpc.Values;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Names by which everything that a run makes is known as its own. */
public final class Marks {
  /** With which all names begin that any run gives. */
  public static final String ANY = "keelson-conformance";

  /** With which the names of this run begin. */
  private final String run = ANY + " " + UUID.randomUUID().toString().substring(0, 8);

  private final AtomicInteger made = new AtomicInteger();
  private final String user;
  private final String password;
  private Map<String, JsonNode> roles = Map.of();
  private String withoutRoles = "";

  /**
   * @param user who runs the cases, and may log in again with that password
   */
  public Marks(String user, String password) {
    this.user = user;
    this.password = password;
  }

  /**
   * Says who has which role for now.
   *
   * @param why nobody has those that are not there
   */
  void lend(Map<String, JsonNode> sessions, String why) {
    roles = sessions;
    withoutRoles = why;
  }

  /** A name that nothing has. */
  public JsonNode name() {
    return Values.text(run + " " + made.incrementAndGet());
  }

  /** What variables mean that are the same in every case. */
  Optional<JsonNode> named(String variable, Session root) throws Stop {
    if (variable.startsWith("role_")) {
      String role = variable.substring(5).replace('_', '-');
      if (!roles.containsKey(role)) {
        throw new Stop.Lacking("a user of the role " + role + ": " + withoutRoles);
      }
      return Optional.ofNullable(roles.get(role));
    }
    return switch (variable.replaceFirst("\\d+$", "")) {
      case "name" -> Optional.of(name());
      case "run" -> Optional.of(Values.text(run));
      case "null" -> Optional.of(Values.NULL_REFERENCE);
      case "dead" -> Optional.of(Values.deadReference());
      case "uuid" -> Optional.of(Values.text(UUID.randomUUID().toString()));
      case "user" -> Optional.of(Values.text(user));
      case "password" -> Optional.of(Values.text(password));
      case "content" -> Optional.of(content());
      case "noise" -> Optional.of(noise());
      case "basic" -> Optional.of(Values.text("Basic " + encoded()));
      case "session" -> Optional.of(root.reference());
      case "address" -> Optional.of(Values.text(root.server().url().toString()));
      default -> Optional.empty();
    };
  }

  /** Of a disk of 4 MiB: something, and nothing around it. */
  private static JsonNode content() {
    byte[] disk = new byte[4 << 20];
    byte[] part = new byte[100_000];
    new SplittableRandom(7).nextBytes(part);
    System.arraycopy(part, 0, disk, 12_345, part.length);
    System.arraycopy(part, 0, disk, disk.length - part.length, part.length);
    return JsonNodeFactory.instance.binaryNode(disk);
  }

  /** Of a disk of 16 MiB of which no part is like another. */
  private static JsonNode noise() {
    byte[] disk = new byte[16 << 20];
    new SplittableRandom(9).nextBytes(disk);
    return JsonNodeFactory.instance.binaryNode(disk);
  }

  private String encoded() {
    return Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
  }
}

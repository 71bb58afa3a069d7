package io.keelson.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the model says of a message, whoever handles it.
 *
 * @param apiClass the class it belongs to
 * @param name without the class
 * @param parameters the session aside
 * @param role the least role that may send it; empty means only the local superuser
 * @param session whether it needs a session (logging in does not)
 * @param async whether it may be sent with {@code Async.} before its name
 * @param status whether it is still meant to be used
 */
public record MessageSpec(
    String apiClass,
    String name,
    List<Param<?>> parameters,
    Optional<AccessRole> role,
    boolean session,
    boolean async,
    Status status) {
  /** How far a message is in its life. */
  public enum Status {
    CURRENT,
    PROTOTYPE,
    DEPRECATED,
    REMOVED
  }

  public MessageSpec {
    parameters = List.copyOf(parameters);
  }

  /** {@code Class.message}, as the wire spells it. */
  public String wireName() {
    return apiClass + "." + name;
  }

  /** The name that roles carry: {@code vm.start}. */
  public String permission() {
    return wireName().toLowerCase(Locale.ROOT);
  }

  /** How many parameters a caller must give, the session aside. */
  public int mandatory() {
    return (int) parameters.stream().filter(p -> p.fallback().isEmpty()).count();
  }
}

package io.keelson.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.Optional;

/**
 * What the model says of a field.
 *
 * @param access "read-only", "read/write" or "internal" (the server's own, not of the API)
 * @param fallback the value a new object has, in the model's notation
 * @param fallbackRule where the value is computed, how
 * @param inverseOf {@code Class.field} that this is the computed other side of
 * @param isVolatile whether the value changes by itself and is not journaled
 * @param writer the least role that may set it, where the class does not say it
 * @param keyRoles the least role that may set a key of a map, a trailing * standing for any text
 * @param status Removed, Deprecated or Prototype
 * @param lifecycle change to release
 */
public record FieldFacts(
    String name,
    String type,
    String access,
    @JsonProperty("default") Optional<String> fallback,
    @JsonProperty("default_rule") Optional<String> fallbackRule,
    @JsonProperty("inverse_of") Optional<String> inverseOf,
    @JsonProperty("volatile") boolean isVolatile,
    Optional<String> writer,
    @JsonProperty("key_roles") Map<String, String> keyRoles,
    Optional<String> status,
    Map<String, String> lifecycle,
    String summary) {

  public FieldFacts {
    keyRoles = keyRoles == null ? Map.of() : keyRoles;
    lifecycle = lifecycle == null ? Map.of() : lifecycle;
  }

  public boolean internal() {
    return access.equals("internal");
  }
}

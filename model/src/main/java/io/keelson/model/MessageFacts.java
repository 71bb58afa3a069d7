package io.keelson.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the model says of a message.
 *
 * @param family the handler interface it belongs to
 * @param session whether it needs a session
 * @param async whether {@code Async.} may stand before its name
 * @param zoneless whether the datetime it returns has no zone
 * @param returns the Java type of a result whose shape on the wire is its own
 * @param role the least role; "undefined" for the local superuser alone
 */
public record MessageFacts(
    String name,
    String family,
    Optional<Boolean> session,
    Optional<Boolean> async,
    boolean zoneless,
    Optional<String> returns,
    String result,
    List<ParamFacts> params,
    String role,
    List<String> errors,
    Optional<String> status,
    Map<String, String> lifecycle,
    String summary) {

  public MessageFacts {
    params = params == null ? List.of() : params;
    errors = errors == null ? List.of() : errors;
    lifecycle = lifecycle == null ? Map.of() : lifecycle;
  }

  /**
   * A parameter.
   *
   * @param fallback what a client means that leaves it off the end, in the model's notation
   */
  public record ParamFacts(
      String name,
      String type,
      @JsonProperty("default") Optional<String> fallback,
      String summary) {}
}

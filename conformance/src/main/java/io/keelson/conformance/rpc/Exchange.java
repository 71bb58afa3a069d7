package io.keelson.conformance.rpc;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A call as it was made.
 *
 * @param request the body that was sent
 * @param reply the body that came back
 */
public record Exchange(
    Format format,
    String method,
    List<JsonNode> parameters,
    String request,
    String reply,
    Answer answer) {

  /** Who hears of calls. */
  @FunctionalInterface
  public interface Listener {
    void heard(Exchange exchange);
  }
}

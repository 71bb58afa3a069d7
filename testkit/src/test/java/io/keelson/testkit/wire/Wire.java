package io.keelson.testkit.wire;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** One way to call the server. */
public interface Wire {
  /** Makes a call and waits for its answer. */
  Answer call(String method, List<JsonNode> parameters);
}

package io.keelson.testkit.wire;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a call came to. */
public sealed interface Answer {
  /** The call did what it was asked. */
  record Success(JsonNode value) implements Answer {}

  /** The call was refused: the code, then its parameters. */
  record Failure(List<String> description) implements Answer {}
}

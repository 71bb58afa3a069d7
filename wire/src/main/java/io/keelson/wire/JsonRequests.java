package io.keelson.wire;

import java.util.List;

/** What one JSON-RPC body asks for. */
public sealed interface JsonRequests {
  /** One call. */
  record Single(JsonCall call) implements JsonRequests {}

  /** Several calls, to be made in order and answered in one array. Never empty. */
  record Batch(List<JsonCall> calls) implements JsonRequests {}
}

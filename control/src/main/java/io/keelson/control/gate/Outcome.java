package io.keelson.control.gate;

import io.keelson.api.ApiError;
import io.keelson.api.Reply;
import java.util.List;

/** What became of a call. */
public sealed interface Outcome {
  /** It was done. */
  record Answered(Reply reply) implements Outcome {}

  /** It failed, in a way the API documents. */
  record Failed(ApiError error) implements Outcome {}

  /** It was {@code system.listMethods}, whose answer XML-RPC sends without status and value. */
  record BareArray(List<String> items) implements Outcome {}
}

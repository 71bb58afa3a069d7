package io.keelson.http;

import io.keelson.api.ApiError;
import io.keelson.api.Reply;
import java.util.List;

/** What became of a call. */
public sealed interface RpcOutcome {
  /** It returned something. */
  record Answer(Reply reply) implements RpcOutcome {}

  /** It returned something that XML-RPC shows without Status and Value: system.listMethods. */
  record BareAnswer(Reply reply) implements RpcOutcome {}

  /**
   * It failed.
   *
   * @param description code and parameters
   */
  record Failure(List<String> description) implements RpcOutcome {
    public Failure {
      description = List.copyOf(description);
    }

    public Failure(ApiError error) {
      this(error.description());
    }
  }
}

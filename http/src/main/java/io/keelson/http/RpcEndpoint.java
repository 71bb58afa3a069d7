package io.keelson.http;

import io.keelson.api.ApiError;
import io.keelson.wire.RpcRequest;
import java.util.Set;

/** What answers calls; the server puts the gate behind it. */
@FunctionalInterface
public interface RpcEndpoint {
  /** The messages of the API that only wait. */
  Set<String> WAITING = Set.of("event.from", "event_from", "event.next", "event_next");

  /**
   * Makes a call. Runs on a virtual thread and may block.
   *
   * @throws ApiError like {@link RpcOutcome.Failure}
   */
  RpcOutcome call(RpcRequest request, Peer peer);

  /**
   * Whether a call of this method only waits and changes nothing. Its thread is interrupted when
   * the client has gone, or the server stops; any other call is always left to finish.
   */
  default boolean waits(String method) {
    return WAITING.contains(method);
  }
}

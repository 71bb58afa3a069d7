package io.keelson.wire;

import io.keelson.api.Value;
import java.util.List;

/**
 * A call as it came over a wire.
 *
 * @param method as the caller spelt it
 * @param params the session, where there is one, among them
 */
public record RpcRequest(String method, List<Value> params) {
  public RpcRequest {
    params = List.copyOf(params);
  }
}

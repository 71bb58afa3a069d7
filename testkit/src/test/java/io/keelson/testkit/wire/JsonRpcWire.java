package io.keelson.testkit.wire;

import static io.keelson.testkit.wire.Values.strings;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON-RPC 2.0. */
final class JsonRpcWire implements Wire {
  private final JsonMapper mapper = new JsonMapper();
  private final AtomicLong ids = new AtomicLong();
  private final Http http;

  JsonRpcWire(URI target) {
    this.http = new Http(target, "application/json");
  }

  @Override
  public Answer call(String method, List<JsonNode> parameters) {
    long id = ids.incrementAndGet();
    ObjectNode request = Values.record().put("jsonrpc", "2.0").put("method", method).put("id", id);
    request.putArray("params").addAll(parameters);
    JsonNode reply = mapper.readTree(http.post(request.toString()));
    if (reply.path("id").asLong(-1) != id || !reply.path("jsonrpc").asString("").equals("2.0")) {
      throw new IllegalStateException("not the answer to this call: " + reply);
    }
    return reply.has("result")
        ? new Answer.Success(reply.get("result"))
        : new Answer.Failure(failure(reply.get("error")));
  }

  private static List<String> failure(JsonNode error) {
    var all = new ArrayList<String>();
    all.add(error.get("message").asString());
    all.addAll(strings(error.get("data")));
    return List.copyOf(all);
  }
}

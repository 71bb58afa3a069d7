package io.keelson.conformance.rpc;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON-RPC 2.0. */
final class JsonRpc {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int ID = 7;

  private JsonRpc() {}

  static String call(String method, List<JsonNode> parameters) {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.put("jsonrpc", "2.0").put("method", method).put("id", ID);
    request.putArray("params").addAll(parameters);
    return request.toString();
  }

  static Answer answer(String body) {
    try {
      JsonNode reply = MAPPER.readTree(body);
      if (reply.path("id").asInt(-1) != ID || !reply.path("jsonrpc").asString("").equals("2.0")) {
        return new Answer.Garbled("not the answer to this call: " + body);
      }
      if (reply.has("result")) {
        return new Answer.Success(reply.path("result"));
      }
      JsonNode error = reply.path("error");
      if (!error.path("message").isString() || !error.path("data").isArray()) {
        return new Answer.Garbled("neither result nor error: " + body);
      }
      if (!error.path("data").valueStream().allMatch(JsonNode::isString)) {
        return new Answer.Garbled("an error of something else than texts: " + body);
      }
      List<String> all = new ArrayList<>(List.of(error.path("message").asString()));
      error.path("data").forEach(part -> all.add(part.asString()));
      return new Answer.Failure(List.copyOf(all));
    } catch (JacksonException e) {
      return new Answer.Garbled("no JSON: " + e.getOriginalMessage());
    }
  }
}

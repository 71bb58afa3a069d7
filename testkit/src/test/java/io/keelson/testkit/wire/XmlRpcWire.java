package io.keelson.testkit.wire;

import java.net.URI;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** XML-RPC, with XenAPI's Status, Value and ErrorDescription inside. */
final class XmlRpcWire implements Wire {
  private final Http http;

  XmlRpcWire(URI target) {
    this.http = new Http(target, "text/xml");
  }

  @Override
  public Answer call(String method, List<JsonNode> parameters) {
    JsonNode reply = XmlRpc.answer(http.post(XmlRpc.call(method, parameters)));
    if (!reply.isObject()) {
      return new Answer.Success(reply);
    }
    return switch (reply.get("Status").asString()) {
      case "Success" -> new Answer.Success(reply.get("Value"));
      case "Failure" -> new Answer.Failure(Values.strings(reply.get("ErrorDescription")));
      default -> throw new IllegalStateException("no such status: " + reply);
    };
  }
}

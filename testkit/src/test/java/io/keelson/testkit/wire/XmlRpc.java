package io.keelson.testkit.wire;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** XML-RPC as the conformance suite has it, but that whole numbers stay the text they were. */
public final class XmlRpc {
  private XmlRpc() {}

  /** The body of a request. */
  public static String call(String method, List<JsonNode> parameters) {
    return io.keelson.conformance.rpc.XmlRpc.call(method, parameters);
  }

  /** The one value that a reply carries. */
  public static JsonNode answer(String body) {
    return io.keelson.conformance.rpc.XmlRpc.value(body, JsonNodeFactory.instance::stringNode);
  }
}

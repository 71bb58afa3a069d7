package io.keelson.conformance.rpc;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** The formats that clients use today. */
public enum Format {
  JSON_RPC("json"),
  XML_RPC("xml");

  private final String text;

  Format(String text) {
    this.text = text;
  }

  /** The body of a request. */
  String call(String method, List<JsonNode> parameters) {
    return switch (this) {
      case JSON_RPC -> JsonRpc.call(method, parameters);
      case XML_RPC -> XmlRpc.call(method, parameters);
    };
  }

  /** What the body of a reply says. */
  public Answer answer(String body) {
    return switch (this) {
      case JSON_RPC -> JsonRpc.answer(body);
      case XML_RPC -> XmlRpc.answer(body);
    };
  }

  /** What options and reports call it. */
  public String text() {
    return text;
  }
}

package io.keelson.conformance.rpc;

import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Values of calls. */
public final class Values {
  /** Of an object that is not there. */
  public static final JsonNode NULL_REFERENCE = text("OpaqueRef:NULL");

  private Values() {}

  public static JsonNode text(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }

  /** A value as a text, whatever it is. */
  public static String plain(JsonNode value) {
    return value.isString() ? value.stringValue() : value.toString();
  }

  /** A reference that names nothing, and never did. */
  public static JsonNode deadReference() {
    return text("OpaqueRef:" + UUID.randomUUID());
  }
}

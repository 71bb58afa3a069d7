package io.keelson.testkit.wire;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Values of calls. */
public final class Values {
  public static final JsonNode YES = JsonNodeFactory.instance.booleanNode(true);
  public static final JsonNode NO = JsonNodeFactory.instance.booleanNode(false);

  /** The reference to nothing. */
  public static final JsonNode NULL = text("OpaqueRef:NULL");

  private Values() {}

  public static JsonNode text(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }

  public static JsonNode number(long number) {
    return JsonNodeFactory.instance.numberNode(number);
  }

  public static JsonNode real(double number) {
    return JsonNodeFactory.instance.numberNode(number);
  }

  public static ArrayNode list(JsonNode... items) {
    return JsonNodeFactory.instance.arrayNode().addAll(List.of(items));
  }

  public static ArrayNode texts(String... items) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    List.of(items).forEach(list::add);
    return list;
  }

  /** A map of texts. */
  public static ObjectNode map(Map<String, String> pairs) {
    ObjectNode struct = record();
    pairs.forEach(struct::put);
    return struct;
  }

  /** A record without fields, to be filled. */
  public static ObjectNode record() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** A list of texts as Java has it. */
  public static List<String> strings(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }
}

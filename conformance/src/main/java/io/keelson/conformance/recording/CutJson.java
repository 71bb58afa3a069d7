package io.keelson.conformance.recording;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Shortens JSON: what is left out is told by a last member or item. */
final class CutJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonMapper MAPPER = new JsonMapper();

  private final Cut cut;

  CutJson(Cut cut) {
    this.cut = cut;
  }

  String of(String body) {
    return shortened(MAPPER.readTree(body)).toString();
  }

  private JsonNode shortened(JsonNode node) {
    if (node.isString()) {
      return NODES.stringNode(Cut.text(node.stringValue()));
    }
    if (node.isArray()) {
      ArrayNode list = NODES.arrayNode();
      node.valueStream().limit(cut.items()).forEach(item -> list.add(shortened(item)));
      int rest = node.size() - list.size();
      return rest == 0 ? list : list.add(Cut.ELLIPSIS + " " + Cut.more(rest));
    }
    return node.isObject() ? object(node) : node;
  }

  private JsonNode object(JsonNode node) {
    ObjectNode object = NODES.objectNode();
    int most = node.isEmpty() ? 0 : cut.members(node.propertyNames().iterator().next());
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      if (object.size() == most) {
        return object.put(Cut.ELLIPSIS, Cut.more(node.size() - most));
      }
      object.set(member.getKey(), shortened(member.getValue()));
    }
    return object;
  }
}

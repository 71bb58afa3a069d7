package io.keelson.reference.examples;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON for readers: what fits on a line is on one. */
final class JsonPrint {
  private static final int WIDTH = 92;
  private static final JsonMapper MAPPER = new JsonMapper();

  private JsonPrint() {}

  static String of(String json) {
    return text(MAPPER.readTree(json), 0, 0);
  }

  /**
   * @param before how much of the line is taken already
   */
  private static String text(JsonNode node, int depth, int before) {
    String line = oneLine(node);
    if (!node.isContainer() || before + line.length() <= WIDTH) {
      return line;
    }
    String indent = "  ".repeat(depth + 1);
    List<String> parts = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(item -> parts.add(indent + text(item, depth + 1, indent.length())));
    } else {
      node.properties()
          .forEach(member -> {
            String name = indent + quoted(member.getKey()) + ": ";
            parts.add(name + text(member.getValue(), depth + 1, name.length()));
          });
    }
    String end = "\n" + "  ".repeat(depth);
    String inside = String.join(",\n", parts);
    return node.isArray() ? "[\n" + inside + end + "]" : "{\n" + inside + end + "}";
  }

  private static String oneLine(JsonNode node) {
    List<String> parts = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(item -> parts.add(oneLine(item)));
      return "[" + String.join(", ", parts) + "]";
    }
    if (node.isObject()) {
      node.properties().forEach(m -> parts.add(quoted(m.getKey()) + ": " + oneLine(m.getValue())));
      return "{" + String.join(", ", parts) + "}";
    }
    return node.toString();
  }

  private static String quoted(String name) {
    return MAPPER.writeValueAsString(name);
  }
}

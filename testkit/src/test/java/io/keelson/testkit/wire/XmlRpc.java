package io.keelson.testkit.wire;

import static io.keelson.conformance.rpc.XmlText.elements;
import static io.keelson.conformance.rpc.XmlText.only;

import io.keelson.conformance.rpc.XmlText;
import java.util.List;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Replies of XML-RPC as JSON trees, in which whole numbers stay the text they were. */
public final class XmlRpc {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private XmlRpc() {}

  /** The body of a request, as the conformance suite writes it. */
  public static String call(String method, List<JsonNode> parameters) {
    return io.keelson.conformance.rpc.XmlRpc.call(method, parameters);
  }

  /** The one value that a reply carries. */
  public static JsonNode answer(String body) {
    Element params = only(XmlText.read(body), "params");
    return value(only(only(params, "param"), "value"));
  }

  private static JsonNode value(Element value) {
    List<Element> inside = elements(value);
    if (inside.isEmpty()) {
      return NODES.stringNode(value.getTextContent());
    }
    Element typed = inside.getFirst();
    String text = typed.getTextContent();
    return switch (typed.getTagName()) {
      case "string", "i4", "i8", "int", "dateTime.iso8601" -> NODES.stringNode(text);
      case "boolean" -> NODES.booleanNode(text.equals("1"));
      case "double" -> NODES.numberNode(Double.parseDouble(text));
      case "array" ->
          NODES
              .arrayNode()
              .addAll(elements(only(typed, "data")).stream().map(XmlRpc::value).toList());
      case "struct" -> struct(typed);
      default -> throw new IllegalStateException("no such type: " + typed.getTagName());
    };
  }

  private static ObjectNode struct(Element struct) {
    ObjectNode node = NODES.objectNode();
    for (Element member : elements(struct)) {
      node.set(only(member, "name").getTextContent(), value(only(member, "value")));
    }
    return node;
  }
}

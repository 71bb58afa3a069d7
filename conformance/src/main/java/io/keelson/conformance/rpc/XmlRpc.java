package io.keelson.conformance.rpc;

import static io.keelson.conformance.rpc.XmlText.elements;
import static io.keelson.conformance.rpc.XmlText.escaped;
import static io.keelson.conformance.rpc.XmlText.only;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** XML-RPC as text. Replies become JSON trees. */
public final class XmlRpc {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private XmlRpc() {}

  /** The body of a request. */
  public static String call(String method, List<JsonNode> parameters) {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?><methodCall><methodName>");
    xml.append(escaped(method)).append("</methodName><params>");
    parameters.forEach(p -> write(xml.append("<param>"), p).append("</param>"));
    return xml.append("</params></methodCall>").toString();
  }

  static Answer answer(String body) {
    try {
      return told(value(body, text -> NODES.numberNode(Long.parseLong(text))));
    } catch (IllegalArgumentException e) {
      return new Answer.Garbled(e.getMessage() + " in " + body);
    }
  }

  private static Answer told(JsonNode reply) {
    if (!reply.isObject()) {
      return new Answer.Success(reply); // system.listMethods
    }
    return switch (reply.path("Status").asString("")) {
      case "Success" -> new Answer.Success(reply.path("Value"));
      case "Failure" ->
          new Answer.Failure(
              reply.path("ErrorDescription").valueStream().map(Values::plain).toList());
      case String other -> new Answer.Garbled("no such status: " + other);
    };
  }

  private static StringBuilder write(StringBuilder xml, JsonNode node) {
    xml.append("<value>");
    switch (node.getNodeType()) {
      case STRING -> xml.append("<string>").append(escaped(node.stringValue())).append("</string>");
      case BOOLEAN ->
          xml.append("<boolean>").append(node.booleanValue() ? 1 : 0).append("</boolean>");
      case NUMBER -> writeNumber(xml, node);
      case ARRAY -> {
        xml.append("<array><data>");
        node.forEach(item -> write(xml, item));
        xml.append("</data></array>");
      }
      case OBJECT -> {
        xml.append("<struct>");
        for (Map.Entry<String, JsonNode> member : node.properties()) {
          xml.append("<member><name>").append(escaped(member.getKey())).append("</name>");
          write(xml, member.getValue()).append("</member>");
        }
        xml.append("</struct>");
      }
      case BINARY, MISSING, NULL, POJO -> throw new IllegalStateException("no value: " + node);
    }
    return xml.append("</value>");
  }

  /** Whole numbers go as text, which is how clients of XenAPI send 64 bits. */
  private static void writeNumber(StringBuilder xml, JsonNode node) {
    if (node.isIntegralNumber()) {
      xml.append(node.longValue());
    } else {
      xml.append("<double>").append(node.doubleValue()).append("</double>");
    }
  }

  /**
   * The one value that a reply carries.
   *
   * @param whole what becomes of a whole number
   * @throws IllegalArgumentException for what is no reply
   */
  public static JsonNode value(String body, Function<String, JsonNode> whole) {
    Element params = only(XmlText.read(body), "params");
    return value(only(only(params, "param"), "value"), whole);
  }

  private static JsonNode value(Element value, Function<String, JsonNode> whole) {
    List<Element> inside = elements(value);
    if (inside.isEmpty()) {
      return NODES.stringNode(value.getTextContent());
    }
    Element typed = inside.getFirst();
    String text = typed.getTextContent();
    return switch (typed.getTagName()) {
      case "string", "dateTime.iso8601" -> NODES.stringNode(text);
      case "i4", "i8", "int" -> whole.apply(text);
      case "boolean" -> NODES.booleanNode(text.equals("1"));
      case "double" -> NODES.numberNode(real(text));
      case "array" ->
          NODES
              .arrayNode()
              .addAll(elements(only(typed, "data")).stream().map(v -> value(v, whole)).toList());
      case "struct" -> struct(typed, whole);
      default -> throw new IllegalArgumentException("no such type: " + typed.getTagName());
    };
  }

  /** The reference prints what is no number as C does. */
  private static double real(String text) {
    return switch (text) {
      case "nan", "-nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static ObjectNode struct(Element struct, Function<String, JsonNode> whole) {
    ObjectNode node = NODES.objectNode();
    for (Element member : elements(struct)) {
      node.set(only(member, "name").getTextContent(), value(only(member, "value"), whole));
    }
    return node;
  }
}

package io.keelson.conformance.rpc;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** XML-RPC as text. Replies become JSON trees. */
public final class XmlRpc {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final DocumentBuilderFactory DOCUMENTS = documents();

  private XmlRpc() {}

  private static DocumentBuilderFactory documents() {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory;
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The body of a request. */
  public static String call(String method, List<JsonNode> parameters) {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?><methodCall><methodName>");
    xml.append(escape(method)).append("</methodName><params>");
    parameters.forEach(p -> write(xml.append("<param>"), p).append("</param>"));
    return xml.append("</params></methodCall>").toString();
  }

  static Answer answer(String body) {
    try {
      DocumentBuilder builder;
      synchronized (DOCUMENTS) {
        builder = DOCUMENTS.newDocumentBuilder();
      }
      builder.setErrorHandler(null);
      Element root = builder.parse(new InputSource(new StringReader(body))).getDocumentElement();
      return told(value(only(only(only(root, "params"), "param"), "value")));
    } catch (ParserConfigurationException | IOException | SAXException e) {
      return new Answer.Garbled("no XML: " + e.getMessage());
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
      case STRING -> xml.append("<string>").append(escape(node.stringValue())).append("</string>");
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
          xml.append("<member><name>").append(escape(member.getKey())).append("</name>");
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

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static JsonNode value(Element value) {
    List<Element> inside = elements(value);
    if (inside.isEmpty()) {
      return NODES.stringNode(value.getTextContent());
    }
    Element typed = inside.getFirst();
    String text = typed.getTextContent();
    return switch (typed.getTagName()) {
      case "string", "dateTime.iso8601" -> NODES.stringNode(text);
      case "i4", "i8", "int" -> NODES.numberNode(Long.parseLong(text));
      case "boolean" -> NODES.booleanNode(text.equals("1"));
      case "double" -> NODES.numberNode(real(text));
      case "array" ->
          NODES
              .arrayNode()
              .addAll(elements(only(typed, "data")).stream().map(XmlRpc::value).toList());
      case "struct" -> struct(typed);
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

  private static ObjectNode struct(Element struct) {
    ObjectNode node = NODES.objectNode();
    for (Element member : elements(struct)) {
      node.set(only(member, "name").getTextContent(), value(only(member, "value")));
    }
    return node;
  }

  private static Element only(Element parent, String name) {
    List<Element> found =
        elements(parent).stream().filter(e -> e.getTagName().equals(name)).toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(parent.getTagName() + " has " + found.size() + " " + name);
    }
    return found.getFirst();
  }

  private static List<Element> elements(Element parent) {
    List<Element> all = new ArrayList<>();
    for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element element) {
        all.add(element);
      }
    }
    return all;
  }
}

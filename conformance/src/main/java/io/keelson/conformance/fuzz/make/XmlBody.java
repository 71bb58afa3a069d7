package io.keelson.conformance.fuzz.make;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Calls in XML-RPC, spelt in the ways that clients spell them. */
final class XmlBody {
  private final Dice dice;
  private final StringBuilder out = new StringBuilder();

  private XmlBody(Dice dice) {
    this.dice = dice;
  }

  static String of(String method, List<JsonNode> parameters, Dice dice) {
    XmlBody body = new XmlBody(dice);
    if (dice.oneIn(2)) {
      body.out.append(
          dice.oneIn(3) ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" : "<?xml version='1.0'?>");
    }
    body.out.append("<methodCall><methodName>");
    body.text(method);
    body.out.append("</methodName><params>");
    for (JsonNode parameter : parameters) {
      body.out.append("<param>");
      body.value(parameter);
      body.out.append("</param>");
    }
    return body.out.append("</params></methodCall>").toString();
  }

  private void value(JsonNode node) {
    out.append("<value>");
    switch (node.getNodeType()) {
      case STRING -> string(node.asString());
      case BOOLEAN -> out.append("<boolean>").append(node.asBoolean() ? 1 : 0).append("</boolean>");
      case NUMBER -> number(node);
      case ARRAY -> {
        out.append("<array><data>");
        node.forEach(this::value);
        out.append("</data></array>");
      }
      case OBJECT -> {
        out.append("<struct>");
        for (Map.Entry<String, JsonNode> member : node.properties()) {
          out.append("<member><name>");
          text(member.getKey());
          out.append("</name>");
          value(member.getValue());
          out.append("</member>");
        }
        out.append("</struct>");
      }
      case NULL, MISSING, BINARY, POJO -> out.append(dice.oneIn(2) ? "<nil/>" : "");
    }
    out.append("</value>");
  }

  private void string(String text) {
    switch (dice.below(20)) {
      case 0, 1, 2 -> text(text);
      case 3 -> within("dateTime.iso8601", text);
      case 4 -> {
        out.append("<string><![CDATA[").append(Latin.utf8(text)).append("]]></string>");
      }
      case 5 -> within(dice.of(List.of("base64", "i4", "double", "boolean", "name")), text);
      default -> within("string", text);
    }
  }

  private void number(JsonNode node) {
    if (node.isIntegralNumber()) {
      String number = node.asString();
      switch (dice.below(8)) {
        case 0 -> within("i4", number);
        case 1 -> within("i8", number);
        case 2 -> within("int", number);
        case 3 -> within("double", number);
        default -> within("string", number);
      }
    } else {
      within("double", node.asString());
    }
  }

  private void within(String element, String text) {
    out.append('<').append(element).append('>');
    text(text);
    out.append("</").append(element).append('>');
  }

  /** Characters that XML has no place for are sent all the same, as they are or as references. */
  private void text(String text) {
    boolean references = dice.oneIn(3);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        default -> {
          if (references && (c < ' ' || Character.isSurrogate(c) || c == '\uffff')) {
            out.append("&#").append((int) c).append(';');
          } else if (c < 0x80) {
            out.append(c);
          } else {
            boolean pair = Character.isHighSurrogate(c) && i + 1 < text.length();
            out.append(Latin.utf8(text.substring(i, i + (pair ? 2 : 1))));
            i += pair ? 1 : 0;
          }
        }
      }
    }
  }
}

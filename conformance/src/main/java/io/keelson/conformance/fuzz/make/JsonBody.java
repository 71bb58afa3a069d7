package io.keelson.conformance.fuzz.make;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Calls in JSON-RPC of both versions. */
final class JsonBody {
  private static final String HEX = "0123456789abcdef";

  private final Dice dice;
  private final StringBuilder out = new StringBuilder();

  private JsonBody(Dice dice) {
    this.dice = dice;
  }

  static String of(String method, List<JsonNode> parameters, Dice dice) {
    JsonBody body = new JsonBody(dice);
    body.out.append('{');
    if (!dice.oneIn(4)) {
      body.out.append("\"jsonrpc\":\"2.0\",");
    }
    body.out.append("\"method\":");
    body.text(method);
    body.out.append(",\"params\":[");
    for (int i = 0; i < parameters.size(); i++) {
      body.out.append(i == 0 ? "" : ",");
      body.value(parameters.get(i));
    }
    body.out.append("],\"id\":");
    switch (dice.below(8)) {
      case 0 -> body.out.append("\"a\"");
      case 1 -> body.out.append("null");
      case 2 -> body.out.append(Oddities.whole(dice));
      case 3 -> body.text(Oddities.text(dice));
      default -> body.out.append("7");
    }
    return body.out.append('}').toString();
  }

  private void value(JsonNode node) {
    switch (node.getNodeType()) {
      case STRING -> text(node.asString());
      case BOOLEAN -> out.append(node.asBoolean());
      case NUMBER -> number(node);
      case ARRAY -> {
        String before = "[";
        for (JsonNode item : node) {
          out.append(before);
          value(item);
          before = ",";
        }
        out.append(node.isEmpty() ? "[]" : "]");
      }
      case OBJECT -> {
        String before = "{";
        for (Map.Entry<String, JsonNode> member : node.properties()) {
          out.append(before);
          text(member.getKey());
          out.append(':');
          value(member.getValue());
          before = ",";
        }
        out.append(node.isEmpty() ? "{}" : "}");
      }
      case NULL, MISSING, BINARY, POJO -> out.append("null");
    }
  }

  private void number(JsonNode node) {
    switch (dice.below(20)) {
      case 0 -> out.append('"').append(node.asString()).append('"');
      case 1 -> out.append(node.asString()).append(".0");
      case 2 -> out.append(node.asString()).append("e0");
      default -> out.append(node.asString());
    }
  }

  private void text(String text) {
    boolean escapes = dice.oneIn(3);
    boolean raw = dice.oneIn(12);
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if ((c < ' ' && !raw) || (c >= 0x7f && escapes)) {
        out.append("\\u")
            .append(HEX.charAt(c >> 12))
            .append(HEX.charAt((c >> 8) & 15))
            .append(HEX.charAt((c >> 4) & 15))
            .append(HEX.charAt(c & 15));
      } else if (c < 0x80) {
        out.append(c);
      } else {
        boolean pair = Character.isHighSurrogate(c) && i + 1 < text.length();
        out.append(Latin.utf8(text.substring(i, i + (pair ? 2 : 1))));
        i += pair ? 1 : 0;
      }
    }
    out.append('"');
  }
}

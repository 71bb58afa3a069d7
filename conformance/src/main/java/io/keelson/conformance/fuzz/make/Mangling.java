package io.keelson.conformance.fuzz.make;

import java.util.List;

/** Bytes of something right, made wrong. */
final class Mangling {
  /** What means something to readers of XML, JSON, HTTP and archives. */
  private static final List<String> TOKENS =
      List.of(
          "<!DOCTYPE a [<!ENTITY x \"y\">]>",
          "<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/\">",
          "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">",
          "&x;",
          "&#0;",
          "&#xD800;",
          "&#x110000;",
          "&#99999999999999999999;",
          "<![CDATA[",
          "]]>",
          "<!--",
          "-->",
          "<?a b?>",
          "<?xml version=\"1.1\"?>",
          "<?xml version=\"1.0\" encoding=\"UTF-7\"?>",
          "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
          "<?xml version=\"1.0\" encoding=\"no-such\"?>",
          "<value>",
          "</value>",
          "<struct>",
          "<a xmlns:b=\"c\" b:d=\"e\" b:d=\"e\">",
          "<i4>9999999999999999999999</i4>",
          "<double>1e999999999</double>",
          "<double>nan</double>",
          "<base64>!</base64>",
          "<boolean>2</boolean>",
          "\u00ef\u00bb\u00bf",
          "\u00ff\u00fe",
          "\u00fe\u00ff",
          "\u0000",
          "\u00c0\u0080",
          "\u00ed\u00a0\u0080",
          "\u00f4\u0090\u0080\u0080",
          "\u00ff",
          "\\u0000",
          "\\ud800",
          "\\x",
          "NaN",
          "-",
          "1e999999999",
          "0123",
          "/**/",
          "[",
          "{",
          "\"",
          ",",
          "null",
          "-1",
          "99999999999999999999",
          "..",
          "\r\n",
          "\n");

  private Mangling() {}

  /** The same with one thing wrong or several. */
  static String of(String right, Dice dice) {
    String text = right;
    for (int i = dice.oneIn(3) ? 1 + dice.below(6) : 1; i > 0; i--) {
      text = once(text, dice);
    }
    return text;
  }

  private static String once(String text, Dice dice) {
    int at = dice.below(text.length() + 1);
    int to = at + dice.below(Math.min(text.length() - at, dice.oneIn(4) ? 4000 : 24) + 1);
    String before = text.substring(0, at);
    String part = text.substring(at, to);
    String after = text.substring(to);
    return switch (dice.below(14)) {
      case 0 -> before;
      case 1 -> before + after;
      case 2 -> before + part + part + after;
      case 3 -> after + before;
      case 4 -> before + part.repeat(2 + dice.below(part.length() > 200 ? 4 : 300)) + after;
      case 5 ->
          before + dice.of(TOKENS).repeat(1 + dice.below(dice.oneIn(20) ? 20_000 : 3)) + after;
      case 6, 7 -> dice.of(TOKENS) + text;
      case 8, 9 -> before + dice.of(TOKENS) + part + after;
      case 10 -> before + noise(part.length(), dice) + after;
      default -> flipped(text, dice);
    };
  }

  /** Bytes that mean nothing. */
  static String noise(int length, Dice dice) {
    StringBuilder noise = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      noise.append((char) dice.below(256));
    }
    return noise.toString();
  }

  private static String flipped(String text, Dice dice) {
    if (text.isEmpty()) {
      return text;
    }
    StringBuilder flipped = new StringBuilder(text);
    for (int i = dice.oneIn(3) ? 1 + dice.below(20) : 1; i > 0; i--) {
      int at = dice.below(text.length());
      flipped.setCharAt(at, (char) ((flipped.charAt(at) ^ (1 << dice.below(8))) & 0xff));
    }
    return flipped.toString();
  }
}

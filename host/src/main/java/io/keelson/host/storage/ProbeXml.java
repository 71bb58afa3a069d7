package io.keelson.host.storage;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** The XML texts that SR.probe answers with. */
final class ProbeXml {
  private static final String HEAD = "<?xml version=\"1.0\" ?>\n";

  private ProbeXml() {}

  /** The repositories found. */
  static final class Repositories {
    private final StringBuilder text = new StringBuilder(HEAD + "<SRlist>\n");

    void add(UUID sr) {
      text.append("\t<SR>\n");
      element(text, 2, "UUID", sr.toString());
      text.append("\t</SR>\n");
    }

    /** One on a device of its own. */
    void add(UUID sr, String device) {
      text.append("\t<SR>\n");
      element(text, 2, "UUID", sr.toString());
      element(text, 2, "Devlist", device);
      text.append("\t</SR>\n");
    }

    String text() {
      return text + "</SRlist>\n";
    }
  }

  /** What a missing parameter could be. */
  static final class Choices {
    private final String list;
    private final String item;
    private final StringBuilder text;

    Choices(String list, String item) {
      this.list = list;
      this.item = item;
      this.text = new StringBuilder(HEAD + "<" + list + ">\n");
    }

    /** Adds one, with its properties in their order. */
    void add(Map<String, String> properties) {
      text.append("\t<").append(item).append(">\n");
      properties.forEach((name, value) -> element(text, 2, name, value));
      text.append("\t</").append(item).append(">\n");
    }

    String text() {
      return text + "</" + list + ">\n";
    }
  }

  /** Names and values by turns, in their order. */
  static Map<String, String> ordered(String... all) {
    Map<String, String> properties = new LinkedHashMap<>();
    for (int at = 0; at + 1 < all.length; at += 2) {
      properties.put(all[at], all[at + 1]);
    }
    return properties;
  }

  private static void element(StringBuilder text, int depth, String name, String value) {
    text.append("\t".repeat(depth)).append('<').append(name).append('>');
    // Names come from servers, which may be anybody's.
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      switch (c) {
        case '&' -> text.append("&amp;");
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        default -> text.append(c < ' ' ? '?' : c);
      }
    }
    text.append("</").append(name).append(">\n");
  }
}

package io.keelson.server.metrics;

/** Writes elements one inside the other. */
final class XmlText {
  private final StringBuilder out = new StringBuilder(1 << 12);

  XmlText open(String element) {
    out.append('<').append(element).append('>');
    return this;
  }

  XmlText close(String element) {
    out.append("</").append(element).append('>');
    return this;
  }

  XmlText element(String name, String text) {
    open(name);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        default -> out.append(c);
      }
    }
    return close(name);
  }

  XmlText element(String name, double number) {
    out.append('<').append(name).append('>').append(NumberText.of(number));
    return close(name);
  }

  XmlText element(String name, long number) {
    return element(name, Long.toString(number));
  }

  @Override
  public String toString() {
    return out.toString();
  }
}

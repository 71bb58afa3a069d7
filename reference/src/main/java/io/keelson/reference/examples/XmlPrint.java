package io.keelson.reference.examples;

import io.keelson.conformance.rpc.XmlText;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** XML for readers: what fits on a line is on one. */
final class XmlPrint {
  private static final int WIDTH = 92;

  private XmlPrint() {}

  static String of(String xml) {
    return "<?xml version=\"1.0\"?>" + text(XmlText.read(xml), 0);
  }

  private static String text(Node node, int depth) {
    String start = "\n" + "  ".repeat(depth);
    String line = XmlText.compact(node);
    boolean fits = depth > 0 && start.length() + line.length() <= WIDTH;
    if (fits || !(node instanceof Element element) || XmlText.elements(element).isEmpty()) {
      return start + line;
    }
    StringBuilder all = new StringBuilder(start + "<" + element.getTagName() + ">");
    for (Node n = element.getFirstChild(); n != null; n = n.getNextSibling()) {
      all.append(text(n, depth + 1));
    }
    return all.append(start).append("</").append(element.getTagName()).append(">").toString();
  }
}

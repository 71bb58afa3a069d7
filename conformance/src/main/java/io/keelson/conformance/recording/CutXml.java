package io.keelson.conformance.recording;

import io.keelson.conformance.rpc.XmlText;
import java.util.ArrayList;
import java.util.List;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Shortens XML-RPC: what is left out is told by a comment. */
final class CutXml {
  private final Cut cut;

  CutXml(Cut cut) {
    this.cut = cut;
  }

  String of(String body) {
    Element root = XmlText.read(body);
    shorten(root);
    return XmlText.compact(root);
  }

  private void shorten(Element element) {
    List<Element> inside = XmlText.elements(element);
    if (inside.isEmpty()) {
      element.setTextContent(Cut.text(element.getTextContent()));
      return;
    }
    int most =
        switch (element.getTagName()) {
          case "data" -> cut.items();
          case "struct" ->
              cut.members(XmlText.elements(inside.getFirst()).getFirst().getTextContent());
          default -> inside.size();
        };
    List<Element> rest =
        new ArrayList<>(inside.subList(Math.min(most, inside.size()), inside.size()));
    rest.forEach((Node node) -> element.removeChild(node));
    if (!rest.isEmpty()) {
      element.appendChild(
          element
              .getOwnerDocument()
              .createComment(" " + Cut.ELLIPSIS + " " + Cut.more(rest.size()) + " "));
    }
    inside.stream().limit(most).forEach(this::shorten);
  }
}

package io.keelson.conformance.rpc;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Comment;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.Text;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** XML as text and as a tree, for bodies of XML-RPC, which have no attributes. */
public final class XmlText {
  private static final DocumentBuilderFactory DOCUMENTS = documents();

  private XmlText() {}

  private static DocumentBuilderFactory documents() {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory;
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a document, and refuses one with a DTD.
   *
   * @throws IllegalArgumentException for what is no XML
   */
  public static Element read(String text) {
    try {
      DocumentBuilder builder;
      synchronized (DOCUMENTS) {
        builder = DOCUMENTS.newDocumentBuilder();
      }
      builder.setErrorHandler(new DefaultHandler()); // the usual one prints
      return builder.parse(new InputSource(new StringReader(text))).getDocumentElement();
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new IllegalArgumentException("no XML: " + e.getMessage(), e);
    }
  }

  /**
   * The only element of a name directly inside.
   *
   * @throws IllegalArgumentException when there is none, or another of the name
   */
  public static Element only(Element parent, String name) {
    List<Element> found =
        elements(parent).stream().filter(e -> e.getTagName().equals(name)).toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(parent.getTagName() + " has " + found.size() + " " + name);
    }
    return found.getFirst();
  }

  /** The elements directly inside. */
  public static List<Element> elements(Element parent) {
    List<Element> all = new ArrayList<>();
    for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element element) {
        all.add(element);
      }
    }
    return all;
  }

  /** The tree on one line. */
  public static String compact(Node node) {
    return switch (node) {
      case Comment comment -> "<!--" + comment.getData() + "-->";
      case Text text -> escaped(text.getData());
      case Element element -> {
        StringBuilder inside = new StringBuilder();
        for (Node n = element.getFirstChild(); n != null; n = n.getNextSibling()) {
          inside.append(compact(n));
        }
        String name = element.getTagName();
        yield inside.isEmpty() ? "<" + name + "/>" : "<" + name + ">" + inside + "</" + name + ">";
      }
      default -> throw new IllegalArgumentException("not of XML-RPC: " + node);
    };
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}

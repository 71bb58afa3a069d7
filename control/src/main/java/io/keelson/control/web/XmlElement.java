package io.keelson.control.web;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * An element of a document that another machine sends, without attributes and name spaces.
 *
 * @param name without its prefix
 * @param text all that stands directly in it
 */
public record XmlElement(String name, String text, List<XmlElement> children) {
  private static final int DEEPEST = 64;
  private static final int MOST = 100_000;

  /** Where no entity can be declared, the length of the document is the limit. */
  private static final List<String> NO_LIMIT =
      List.of(
          "jdk.xml.entityExpansionLimit",
          "jdk.xml.maxGeneralEntitySizeLimit",
          "jdk.xml.totalEntitySizeLimit");

  public XmlElement {
    children = List.copyOf(children);
  }

  /**
   * Reads a document. Document type declarations are refused, so that nothing is expanded or
   * fetched.
   *
   * @throws XMLStreamException when it is not well-formed, or nested or numbered beyond reason
   */
  public static XmlElement read(byte[] document) throws XMLStreamException {
    XMLStreamReader reader = reader(new ByteArrayInputStream(document));
    Deque<Draft> open = new ArrayDeque<>();
    open.push(new Draft(""));
    int count = 0;
    while (reader.hasNext()) {
      int event = next(reader);
      if (event == XMLStreamConstants.START_ELEMENT) {
        if (++count > MOST || open.size() > DEEPEST) {
          throw new XMLStreamException("more elements than an answer has");
        }
        open.push(new Draft(reader.getLocalName()));
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        XmlElement done = open.pop().done();
        open.element().children.add(done);
      } else if (reader.isCharacters()) {
        open.element().text.append(reader.getText());
      }
    }
    return open.element().children.getFirst();
  }

  /** A reader that expands and fetches nothing; {@link #next} also refuses declarations. */
  public static XMLStreamReader reader(InputStream document) throws XMLStreamException {
    return factory().createXMLStreamReader(document);
  }

  /** The same for a text. */
  public static XMLStreamReader reader(Reader document) throws XMLStreamException {
    return factory().createXMLStreamReader(document);
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    // References to characters count as entities, and a report has as many as it has characters.
    NO_LIMIT.forEach(limit -> factory.setProperty(limit, "0"));
    return factory;
  }

  /** The reader's next event. */
  public static int next(XMLStreamReader reader) throws XMLStreamException {
    int event = reader.next();
    if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
      throw new XMLStreamException("document type declarations are not allowed");
    }
    return event;
  }

  /** The first child of that name. */
  public Optional<XmlElement> child(String wanted) {
    return children.stream().filter(child -> child.name.equals(wanted)).findFirst();
  }

  /** What a path of names leads to, by the first child of each name. */
  public Optional<XmlElement> at(String... path) {
    Optional<XmlElement> found = Optional.of(this);
    for (String step : path) {
      found = found.flatMap(element -> element.child(step));
    }
    return found;
  }

  /** The text of the first child of that name, without space around it. */
  public Optional<String> value(String wanted) {
    return child(wanted).map(child -> child.text.strip());
  }

  private static final class Draft {
    private final String name;
    private final StringBuilder text = new StringBuilder();
    private final List<XmlElement> children = new ArrayList<>();

    private Draft(String name) {
      this.name = name;
    }

    private XmlElement done() {
      return new XmlElement(name, text.toString(), children);
    }
  }
}

package io.keelson.wire;

import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Walks through the elements of a document. Between elements only white space, comments and
 * processing instructions may stand.
 */
final class XmlCursor {
  private final XMLStreamReader reader;
  private final ValueCount count;

  /** The event that the reader stands at and that nobody has taken yet. */
  private int event;

  XmlCursor(XMLStreamReader reader, ValueCount count) {
    this.reader = reader;
    this.count = count;
    advance();
  }

  ValueCount count() {
    return count;
  }

  /** Steps into the next element, which must have this name. */
  void enter(String name) {
    if (!hasChild() || !reader.getLocalName().equals(name)) {
      throw notACall("there is no element " + name + " where it should be");
    }
    advance();
  }

  /** Steps into the next element and returns its name. */
  String enter() {
    if (!hasChild()) {
      throw notACall("an element is missing");
    }
    String name = reader.getLocalName();
    advance();
    return name;
  }

  /** Steps out of an element that has nothing more in it. */
  void leave() {
    if (hasChild()) {
      throw notACall("an element has more in it than it should");
    }
    advance();
  }

  /** The document has nothing more in it. */
  void end() {
    while (event != XMLStreamConstants.END_DOCUMENT) {
      advance();
    }
  }

  /** Whether another element stands here; passes over white space. */
  boolean hasChild() {
    if (isText() && !text().isBlank()) {
      throw notACall("text stands between elements");
    }
    return event == XMLStreamConstants.START_ELEMENT;
  }

  /** The text up to the next element's start or end. */
  String text() {
    if (!isText()) {
      return "";
    }
    String first = reader.getText();
    count.text(first.length());
    advance();
    if (!isText()) {
      return first;
    }
    var all = new StringBuilder(first);
    while (isText()) {
      all.append(reader.getText());
      count.text(all.length());
      advance();
    }
    return all.toString();
  }

  private boolean isText() {
    return event == XMLStreamConstants.CHARACTERS
        || event == XMLStreamConstants.CDATA
        || event == XMLStreamConstants.SPACE;
  }

  private void advance() {
    do {
      event = next();
      if (event == XMLStreamConstants.DTD) {
        throw new WireException(
            WireException.Kind.DOCTYPE, "document type declarations are not allowed");
      }
      if (event == XMLStreamConstants.ENTITY_REFERENCE) {
        throw malformed();
      }
    } while (event == XMLStreamConstants.COMMENT
        || event == XMLStreamConstants.PROCESSING_INSTRUCTION);
  }

  private int next() {
    try {
      return reader.next();
    } catch (XMLStreamException | RuntimeException _) {
      // The parser has unchecked exceptions too for what it cannot read.
      throw malformed();
    }
  }

  static WireException notACall(String why) {
    return new WireException(WireException.Kind.NOT_A_CALL, why);
  }

  private static WireException malformed() {
    return new WireException(WireException.Kind.MALFORMED, "not well-formed XML");
  }
}

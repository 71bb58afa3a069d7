package io.keelson.control.database;

import io.keelson.control.web.XmlElement;
import java.io.StringReader;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The repositories that the answer of SR.probe tells of. */
final class FoundRepositories {
  private FoundRepositories() {}

  /** Their uuids, in lower case; none where the answer is of another kind. */
  static Set<String> uuids(String probed) {
    Set<String> found = new LinkedHashSet<>();
    try {
      XMLStreamReader reader = XmlElement.reader(new StringReader(probed));
      while (reader.hasNext()) {
        if (reader.next() == XMLStreamConstants.START_ELEMENT
            && reader.getLocalName().equals("UUID")) {
          found.add(reader.getElementText().strip().toLowerCase(Locale.ROOT));
        }
      }
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a driver's answer is no XML", e);
    }
    return found;
  }
}

package io.keelson.host.plugin;

import io.keelson.host.Plugins.Broken;
import io.keelson.host.Plugins.Failure;
import io.keelson.host.Plugins.Outcome;
import io.keelson.host.Plugins.Success;
import io.keelson.host.process.Program;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * How plugins are called and answer, so that those written for the reference run: their one
 * argument is an XML-RPC call of the function with a session and the arguments as a structure, and
 * they print an XML-RPC response that holds {@code Status} with {@code Value} or {@code
 * ErrorDescription}. The session is empty: a plugin that calls the API logs in by itself.
 */
final class PluginText {
  private PluginText() {}

  static String call(String function, Map<String, String> arguments) {
    StringBuilder text =
        new StringBuilder("<?xml version=\"1.0\"?><methodCall><methodName>")
            .append(escaped(function))
            .append("</methodName><params><param><value><string></string></value></param>")
            .append("<param><value><struct>");
    new TreeMap<>(arguments)
        .forEach((name, value) ->
            text.append("<member><name>")
                .append(escaped(name))
                .append("</name><value><string>")
                .append(escaped(value))
                .append("</string></value></member>"));
    return text.append("</struct></value></param></params></methodCall>").toString();
  }

  private static String escaped(String text) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .forEach(point -> {
          switch (point) {
            case '&' -> clean.append("&amp;");
            case '<' -> clean.append("&lt;");
            case '>' -> clean.append("&gt;");
            case '\r' -> clean.append("&#13;");
            // What XML cannot hold would end the plugin's reading of the rest.
            default -> clean.appendCodePoint(allowed(point) ? point : 0xfffd);
          }
        });
    return clean.toString();
  }

  private static boolean allowed(int point) {
    return point == '\t'
        || point == '\n'
        || (point >= 0x20 && point < 0xd800)
        || (point >= 0xe000 && point < 0xfffe)
        || point > 0xffff;
  }

  static Outcome outcome(Program.Outcome ended) {
    if (!ended.ok()) {
      return new Broken("non-zero exit", ended.output(), ended.errors());
    }
    try {
      Reader reader = new Reader();
      reader.read(ended.output());
      return switch (reader.status) {
        case "Success" -> new Success(String.join("", reader.values));
        case "Failure" ->
            reader.errors.isEmpty()
                ? new Broken("no reason given", ended.output(), ended.errors())
                : new Failure(
                    reader.errors.getFirst(), reader.errors.subList(1, reader.errors.size()));
        default -> new Broken("no response", ended.output(), ended.errors());
      };
    } catch (XMLStreamException e) {
      return new Broken("no response", ended.output(), ended.errors());
    }
  }

  /** Picks the members out of the response's structure; values are texts, numbers too. */
  private static final class Reader {
    private static final Set<String> TEXTS =
        Set.of("name", "value", "string", "int", "i4", "boolean", "double");

    private String status = "";
    private final List<String> values = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private String member = "";
    private final StringBuilder text = new StringBuilder();
    private boolean fresh;

    void read(String xml) throws XMLStreamException {
      XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
      factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
      factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
      XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml.strip()));
      while (reader.hasNext()) {
        switch (reader.next()) {
          case XMLStreamConstants.START_ELEMENT -> {
            text.setLength(0);
            fresh = true;
          }
          case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
              text.append(reader.getText());
          case XMLStreamConstants.END_ELEMENT -> end(reader.getLocalName());
          default -> {} // comments and the like
        }
      }
    }

    /** Only the innermost elements hold text. */
    private void end(String element) {
      if (!fresh || !TEXTS.contains(element)) {
        return;
      }
      fresh = false;
      String said = text.toString();
      if (element.equals("name")) {
        member = said;
        return;
      }
      switch (member) {
        case "Status" -> status = said;
        case "Value" -> values.add(said);
        case "ErrorDescription" -> errors.add(said);
        default -> {} // of no meaning here
      }
    }
  }
}

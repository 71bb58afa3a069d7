package io.keelson.wire;

import com.fasterxml.aalto.stax.InputFactoryImpl;
import io.keelson.api.CleanText;
import io.keelson.api.Value;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.codehaus.stax2.XMLInputFactory2;

/**
 * Reads XML-RPC requests. Document type declarations are refused before anything in them is looked
 * at. Safe for use by many threads.
 */
public final class XmlReader {
  private final WireLimits limits;

  public XmlReader(WireLimits limits) {
    this.limits = limits;
  }

  /**
   * One for each document: a factory keeps all names that it has ever seen, whoever made them up.
   */
  private static XMLInputFactory2 factory() {
    XMLInputFactory2 factory = new InputFactoryImpl();
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory2.P_LAZY_PARSING, false);
    return factory;
  }

  /**
   * @throws WireException when the body is no call that can be read
   */
  public RpcRequest read(byte[] body) {
    return read(body, XmlReader::request);
  }

  /**
   * Reads a document that is one value.
   *
   * @throws WireException when it cannot be read
   */
  public Value readValue(byte[] document) {
    return read(
        document,
        in -> {
          Value value = new XmlValues(in).value(0);
          in.end();
          return value;
        });
  }

  private <T> T read(byte[] body, Function<XmlCursor, T> what) {
    try {
      // As a stream: of an array the parser cannot read encodings that it does not decode itself.
      XMLStreamReader reader = factory().createXMLStreamReader(new ByteArrayInputStream(body));
      return what.apply(new XmlCursor(reader, new ValueCount(limits)));
    } catch (XMLStreamException _) {
      throw damaged(body);
    } catch (WireException problem) {
      throw problem.kind() == WireException.Kind.MALFORMED ? damaged(body) : problem;
    }
  }

  /** Why a body is not well-formed: its text, if that is not clean, else its markup. */
  private static WireException damaged(byte[] body) {
    return CleanText.isClean(LenientUtf8.decode(body))
        ? new WireException(WireException.Kind.MALFORMED, "not well-formed XML")
        : new WireException(
            WireException.Kind.INVALID_TEXT, "a character is not valid UTF-8 or not allowed");
  }

  private static RpcRequest request(XmlCursor in) {
    in.enter("methodCall");
    in.enter("methodName");
    String method = in.text().strip();
    in.leave();
    List<Value> params = new ArrayList<>();
    if (in.hasChild()) {
      in.enter("params");
      var values = new XmlValues(in);
      while (in.hasChild()) {
        in.enter("param");
        params.add(values.value(0));
        in.leave();
      }
      in.leave();
    }
    in.leave();
    in.end();
    return new RpcRequest(method, params);
  }
}

package io.keelson.image.xva;

import io.keelson.api.Reply;
import io.keelson.api.Value;
import io.keelson.image.ImageException;
import io.keelson.wire.WireException;
import io.keelson.wire.WireLimits;
import io.keelson.wire.XmlReader;
import io.keelson.wire.XmlReplies;

/** The file of an XVA that says what there is: one XML-RPC value. */
public final class OvaXml {
  /** Deep enough for records, with values for the whole of a large pool. */
  private static final WireLimits LIMITS = new WireLimits(16, 4_000_000, 4 << 20, 1);

  private static final XmlReader READER = new XmlReader(LIMITS);

  private OvaXml() {}

  /**
   * @throws ImageException when it is no value, too deep or too large, or has a document type
   */
  public static Value read(byte[] document) throws ImageException {
    try {
      return READER.readValue(document);
    } catch (WireException problem) {
      throw ImageException.malformed("ova.xml: " + problem.why());
    }
  }

  public static byte[] write(Reply value) {
    return XmlReplies.value(value).toByteArray();
  }
}

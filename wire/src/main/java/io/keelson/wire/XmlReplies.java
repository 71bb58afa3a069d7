package io.keelson.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.keelson.api.ApiErrors;
import io.keelson.api.CleanText;
import io.keelson.api.Reply;
import java.util.List;

/** Whole XML-RPC responses. */
public final class XmlReplies {
  private static final byte[] PARAM =
      bytes("<?xml version=\"1.0\"?><methodResponse><params><param>");
  private static final byte[] PARAM_END = bytes("</param></params></methodResponse>");
  private static final byte[] FAULT = bytes("<?xml version=\"1.0\"?><methodResponse><fault>");
  private static final byte[] FAULT_END = bytes("</fault></methodResponse>");

  private XmlReplies() {}

  /** A structure of Status and Value. */
  public static Encoded success(Reply reply) {
    return bare(out -> {
      out.beginStructure();
      out.member("Status");
      out.text("Success");
      out.member("Value");
      reply.writeTo(out);
      out.endStructure();
    });
  }

  /**
   * A structure of Status and ErrorDescription.
   *
   * @param description code and parameters
   */
  public static Encoded failure(List<String> description) {
    return bare(out -> {
      out.beginStructure();
      out.member("Status");
      out.text("Failure");
      out.member("ErrorDescription");
      out.beginSequence();
      description.forEach(out::text);
      out.endSequence();
      out.endStructure();
    });
  }

  /** A value alone, as system.listMethods answers. */
  public static Encoded bare(Reply reply) {
    return within(PARAM, reply, PARAM_END);
  }

  /**
   * What a request is answered with that could not be read: an XML-RPC fault, or for unclean text
   * the failure that the gate raises for it.
   */
  public static Encoded unreadable(WireException problem) {
    return switch (problem.kind()) {
      case INVALID_TEXT -> failure(ApiErrors.invalidValue(CleanText.COMPLAINT, "").description());
      case MALFORMED, DOCTYPE -> fault(-32700, problem);
      case NOT_A_CALL, LIMIT -> fault(-32600, problem);
    };
  }

  private static Encoded fault(int code, WireException problem) {
    return within(
        FAULT,
        out -> {
          out.beginStructure();
          out.member("faultCode");
          out.count(code);
          out.member("faultString");
          out.text(problem.why());
          out.endStructure();
        },
        FAULT_END);
  }

  /** A reply's value as XML text, as a task's result holds it. */
  public static String valueText(Reply reply) {
    var bytes = new ByteChunks();
    reply.writeTo(new XmlSink(bytes));
    return bytes.text();
  }

  /** A document that is one value. */
  public static Encoded value(Reply reply) {
    return within(new byte[0], reply, new byte[0]);
  }

  private static Encoded within(byte[] before, Reply reply, byte[] after) {
    var bytes = new ByteChunks();
    bytes.put(before);
    reply.writeTo(new XmlSink(bytes));
    bytes.put(after);
    return bytes.finish();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }
}

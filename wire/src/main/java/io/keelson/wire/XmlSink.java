package io.keelson.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.keelson.api.CleanText;
import io.keelson.api.EncodedOnce;
import io.keelson.api.ValueSink;
import io.keelson.api.WireFormat;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Writes values as XML-RPC, with no white space between elements and strings and whole numbers
 * untyped, which clients rely on. Characters that XML forbids are dropped. A carriage return is
 * written as a reference, since a parser would read a bare one as a line feed.
 */
final class XmlSink implements ValueSink {
  private static final byte[] VALUE = bytes("<value>");
  private static final byte[] VALUE_END = bytes("</value>");
  private static final byte[] NOTHING = bytes("<value></value>");
  private static final byte[] COUNT = bytes("<value><i4>");
  private static final byte[] COUNT_END = bytes("</i4></value>");
  private static final byte[] DOUBLE = bytes("<value><double>");
  private static final byte[] DOUBLE_END = bytes("</double></value>");
  private static final byte[] TRUE = bytes("<value><boolean>1</boolean></value>");
  private static final byte[] FALSE = bytes("<value><boolean>0</boolean></value>");
  private static final byte[] MOMENT = bytes("<value><dateTime.iso8601>");
  private static final byte[] MOMENT_END = bytes("</dateTime.iso8601></value>");
  private static final byte[] ARRAY = bytes("<value><array><data>");
  private static final byte[] ARRAY_END = bytes("</data></array></value>");
  private static final byte[] STRUCT = bytes("<value><struct>");
  private static final byte[] STRUCT_END = bytes("</struct></value>");
  private static final byte[] MEMBER = bytes("<member><name>");
  private static final byte[] NAME_END = bytes("</name>");
  private static final byte[] MEMBER_END = bytes("</member>");
  private static final byte[] LESS = bytes("&lt;");
  private static final byte[] GREATER = bytes("&gt;");
  private static final byte[] AMPERSAND = bytes("&amp;");
  private static final byte[] QUOTE = bytes("&quot;");
  private static final byte[] RETURN = bytes("&#13;");

  private final ByteChunks out;
  private final Nesting nesting = new Nesting();

  XmlSink(ByteChunks out) {
    this.out = out;
  }

  @Override
  public void text(String text) {
    out.put(VALUE);
    escaped(text);
    out.put(VALUE_END);
  }

  @Override
  public void whole(long number) {
    out.put(VALUE);
    out.ascii(Long.toString(number));
    out.put(VALUE_END);
  }

  @Override
  public void count(int number) {
    out.put(COUNT);
    out.ascii(Integer.toString(number));
    out.put(COUNT_END);
  }

  @Override
  public void real(double number) {
    out.put(DOUBLE);
    out.ascii(FloatText.xml(number));
    out.put(DOUBLE_END);
  }

  @Override
  public void flag(boolean on) {
    out.put(on ? TRUE : FALSE);
  }

  @Override
  public void moment(String text) {
    out.put(MOMENT);
    escaped(text);
    out.put(MOMENT_END);
  }

  @Override
  public void nothing() {
    out.put(NOTHING);
  }

  @Override
  public void beginSequence() {
    out.put(ARRAY);
  }

  @Override
  public void endSequence() {
    out.put(ARRAY_END);
  }

  @Override
  public void beginStructure() {
    out.put(STRUCT);
    nesting.enter();
  }

  @Override
  public void member(String name) {
    if (nesting.another()) {
      out.put(MEMBER_END);
    }
    out.put(MEMBER);
    escaped(name);
    out.put(NAME_END);
  }

  @Override
  public void endStructure() {
    if (nesting.leave()) {
      out.put(MEMBER_END);
    }
    out.put(STRUCT_END);
  }

  @Override
  public void shared(EncodedOnce value) {
    out.shared(value.in(WireFormat.XML_RPC, XmlSink::encode));
  }

  private static ByteBuffer encode(Consumer<ValueSink> writer) {
    var bytes = new ByteChunks();
    writer.accept(new XmlSink(bytes));
    return bytes.whole();
  }

  private void escaped(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        ascii(c);
      } else if (!Character.isSurrogate(c)) {
        if (CleanText.isAllowed(c)) {
          out.unicode(c);
        }
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.unicode(Character.toCodePoint(c, text.charAt(++i)));
      }
    }
  }

  private void ascii(char c) {
    switch (c) {
      case '<' -> out.put(LESS);
      case '>' -> out.put(GREATER);
      case '&' -> out.put(AMPERSAND);
      case '"' -> out.put(QUOTE);
      case '\r' -> out.put(RETURN);
      default -> {
        if (CleanText.isAllowed(c)) {
          out.put(c);
        }
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }
}

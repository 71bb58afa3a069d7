package io.keelson.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.keelson.api.EncodedOnce;
import io.keelson.api.ValueSink;
import io.keelson.api.WireFormat;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Writes values as JSON: whole numbers and counts as numbers, floats always with a fraction, dates
 * as strings, nothing as "". What JSON has no number for is the string NaN, Infinity or -Infinity,
 * which clients read as a float. A lone surrogate becomes U+FFFD.
 */
final class JsonSink implements ValueSink {
  private static final byte[] TRUE = bytes("true");
  private static final byte[] FALSE = bytes("false");
  private static final byte[] NULL = bytes("null");
  private static final byte[] NOTHING = bytes("\"\"");
  private static final byte[] HEX = bytes("0123456789abcdef");

  private final ByteChunks out;
  private final Nesting nesting = new Nesting();
  private boolean named;

  JsonSink(ByteChunks out) {
    this.out = out;
  }

  @Override
  public void text(String text) {
    next();
    quoted(text);
  }

  @Override
  public void whole(long number) {
    next();
    out.ascii(Long.toString(number));
  }

  @Override
  public void count(int number) {
    whole(number);
  }

  @Override
  public void real(double number) {
    next();
    if (Double.isFinite(number)) {
      out.ascii(FloatText.json(number));
    } else {
      quoted(Double.toString(number));
    }
  }

  @Override
  public void flag(boolean on) {
    next();
    out.put(on ? TRUE : FALSE);
  }

  @Override
  public void moment(String text) {
    text(text);
  }

  @Override
  public void nothing() {
    next();
    out.put(NOTHING);
  }

  /** The JSON null, which the envelope of a reply has and no value. */
  void none() {
    next();
    out.put(NULL);
  }

  @Override
  public void beginSequence() {
    next();
    out.put('[');
    nesting.enter();
  }

  @Override
  public void endSequence() {
    nesting.leave();
    out.put(']');
  }

  @Override
  public void beginStructure() {
    next();
    out.put('{');
    nesting.enter();
  }

  @Override
  public void member(String name) {
    if (nesting.another()) {
      out.put(',');
    }
    quoted(name);
    out.put(':');
    named = true;
  }

  @Override
  public void endStructure() {
    nesting.leave();
    out.put('}');
  }

  @Override
  public void shared(EncodedOnce value) {
    next();
    out.shared(value.in(WireFormat.JSON_RPC, JsonSink::encode));
  }

  private static ByteBuffer encode(Consumer<ValueSink> writer) {
    var bytes = new ByteChunks();
    writer.accept(new JsonSink(bytes));
    return bytes.whole();
  }

  /** Puts the comma before a value that follows another one in a sequence. */
  private void next() {
    if (named) {
      named = false;
    } else if (!nesting.isOutermost() && nesting.another()) {
      out.put(',');
    }
  }

  private void quoted(String text) {
    out.put('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        ascii(c);
      } else if (!Character.isSurrogate(c)) {
        out.unicode(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.unicode(Character.toCodePoint(c, text.charAt(++i)));
      } else {
        out.unicode(0xFFFD);
      }
    }
    out.put('"');
  }

  private void ascii(char c) {
    switch (c) {
      case '"', '\\' -> escape(c);
      case '\b' -> escape('b');
      case '\t' -> escape('t');
      case '\n' -> escape('n');
      case '\f' -> escape('f');
      case '\r' -> escape('r');
      default -> {
        if (c >= 0x20 && c != 0x7F) {
          out.put(c);
        } else {
          out.ascii("\\u00");
          out.put((char) HEX[c >> 4]);
          out.put((char) HEX[c & 0xF]);
        }
      }
    }
  }

  private void escape(char c) {
    out.put('\\');
    out.put(c);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }
}

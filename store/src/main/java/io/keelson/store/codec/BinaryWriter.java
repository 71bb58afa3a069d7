package io.keelson.store.codec;

import io.keelson.api.DateText;
import io.keelson.api.EncodedOnce;
import io.keelson.api.ValueSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Writes values as bytes: a tag, then the value; whole numbers take as many bytes as they need.
 * Names are written once and then referred to by number.
 */
final class BinaryWriter implements ValueSink {
  private static final String REF = "OpaqueRef:";
  private static final int UUID_LENGTH = 36;

  private final Map<String, Integer> names = new HashMap<>();
  private byte[] bytes = new byte[512];
  private int size;

  int size() {
    return size;
  }

  /** What was written since the last time; the names stay known. */
  byte[] take() {
    byte[] taken = Arrays.copyOf(bytes, size);
    size = 0;
    return taken;
  }

  void name(String name) {
    Integer known = names.putIfAbsent(name, names.size() + 1);
    if (known != null) {
      number(known);
    } else {
      number(0);
      text(name);
    }
  }

  /** A number that is not negative, without a tag. */
  void number(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  private void tag(Tag tag) {
    ensure(1);
    bytes[size++] = tag.code();
  }

  private void fixed(long value) {
    ensure(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  private void signed(long value) {
    number((value << 1) ^ (value >> 63));
  }

  @Override
  public void text(String text) {
    if (text.length() == UUID_LENGTH && uuid(Tag.UUID, text)) {
      return;
    }
    if (text.length() == UUID_LENGTH + REF.length()
        && text.startsWith(REF)
        && uuid(Tag.REF, text.substring(REF.length()))) {
      return;
    }
    if (isUnicode(text)) {
      tag(Tag.TEXT);
      raw(text.getBytes(StandardCharsets.UTF_8));
    } else {
      tag(Tag.UNITS);
      number(text.length());
      for (int i = 0; i < text.length(); i++) {
        number(text.charAt(i));
      }
    }
  }

  private boolean uuid(Tag tag, String text) {
    if (text.charAt(8) != '-') {
      return false;
    }
    UUID uuid;
    try {
      uuid = UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      return false;
    }
    if (!uuid.toString().equals(text)) {
      return false;
    }
    tag(tag);
    fixed(uuid.getMostSignificantBits());
    fixed(uuid.getLeastSignificantBits());
    return true;
  }

  private static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(++i))) {
          return false;
        }
      }
    }
    return true;
  }

  private void raw(byte[] content) {
    number(content.length);
    ensure(content.length);
    System.arraycopy(content, 0, bytes, size, content.length);
    size += content.length;
  }

  @Override
  public void whole(long number) {
    tag(Tag.WHOLE);
    signed(number);
  }

  @Override
  public void count(int number) {
    whole(number);
  }

  @Override
  public void real(double number) {
    tag(Tag.REAL);
    fixed(Double.doubleToRawLongBits(number));
  }

  @Override
  public void flag(boolean on) {
    tag(on ? Tag.YES : Tag.NO);
  }

  @Override
  public void moment(String text) {
    tag(Tag.MOMENT);
    signed(DateText.parse(text, "a date").getEpochSecond());
  }

  @Override
  public void nothing() {
    tag(Tag.NOTHING);
  }

  @Override
  public void beginSequence() {
    tag(Tag.SEQUENCE);
  }

  @Override
  public void endSequence() {
    tag(Tag.END);
  }

  @Override
  public void beginStructure() {
    tag(Tag.STRUCTURE);
  }

  @Override
  public void member(String name) {
    text(name);
  }

  @Override
  public void endStructure() {
    tag(Tag.END);
  }

  @Override
  public void shared(EncodedOnce value) {
    value.writeTo(this);
  }
}

package io.keelson.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bytes that are being written: own ones are collected, large shared ones taken as they are. */
final class ByteChunks {
  /** Shared bytes fewer than this are copied: a chunk of its own costs more than the copy. */
  private static final int SHARE_FROM = 16 << 10;

  /**
   * From here on an encoding that is kept lives outside the heap, where a socket takes it from
   * without a copy.
   */
  private static final int DIRECT_FROM = 64 << 10;

  private final List<ByteBuffer> chunks = new ArrayList<>(3);
  private long chunked;
  private byte[] bytes = new byte[512];
  private int size;

  void put(char ascii) {
    room(1);
    bytes[size++] = (byte) ascii;
  }

  void put(byte[] source) {
    room(source.length);
    System.arraycopy(source, 0, bytes, size, source.length);
    size += source.length;
  }

  /** Text of ASCII alone. */
  void ascii(String text) {
    int length = text.length();
    room(length);
    for (int i = 0; i < length; i++) {
      bytes[size++] = (byte) text.charAt(i);
    }
  }

  /** A character beyond ASCII, as UTF-8. */
  void unicode(int codePoint) {
    room(4);
    if (codePoint < 0x800) {
      bytes[size++] = (byte) (0xC0 | (codePoint >> 6));
    } else {
      if (codePoint < 0x10000) {
        bytes[size++] = (byte) (0xE0 | (codePoint >> 12));
      } else {
        bytes[size++] = (byte) (0xF0 | (codePoint >> 18));
        bytes[size++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
      }
      bytes[size++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
    }
    bytes[size++] = (byte) (0x80 | (codePoint & 0x3F));
  }

  void shared(ByteBuffer encoding) {
    int length = encoding.remaining();
    if (length >= SHARE_FROM) {
      cut();
      chunks.add(encoding);
      chunked += length;
    } else {
      room(length);
      encoding.get(encoding.position(), bytes, size, length);
      size += length;
    }
  }

  Encoded finish() {
    cut();
    return new Encoded(List.copyOf(chunks), chunked);
  }

  /** All bytes in one buffer that can be kept for long. */
  ByteBuffer whole() {
    cut();
    int length = Math.toIntExact(chunked);
    ByteBuffer all =
        length >= DIRECT_FROM ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
    chunks.forEach(chunk -> all.put(chunk.duplicate()));
    return all.flip();
  }

  String text() {
    return new String(finish().toByteArray(), StandardCharsets.UTF_8);
  }

  private void cut() {
    if (size > 0) {
      chunks.add(ByteBuffer.wrap(bytes, 0, size));
      chunked += size;
      bytes = new byte[512];
      size = 0;
    }
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes =
          Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), Math.min(size, 1 << 29) * 2));
    }
  }
}

package io.keelson.http.websocket;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * What stands before a frame's bytes.
 *
 * @param last whether the message ends with this frame
 * @param length of the bytes that follow
 * @param mask four bytes that the bytes that follow are hidden with; a client has to
 */
record FrameHead(boolean last, Opcode opcode, long length, int mask) {
  /** No frame is longer; a message may be, in as many frames as it wants. */
  static final long LONGEST = 16L << 20;

  private static final int LONGEST_CONTROL = 125;
  private static final int LAST = 0x80;
  private static final int RESERVED = 0x70;
  private static final int MASKED = 0x80;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;

  /**
   * Reads the head of a client's frame.
   *
   * @throws EOFException when there is none, or not all of it
   * @throws Violation when no client may send this
   */
  static FrameHead read(InputStream in) throws IOException, Violation {
    int first = octet(in);
    int second = octet(in);
    if ((first & RESERVED) != 0) {
      throw new Violation(CloseCode.PROTOCOL_ERROR, "no extension was agreed on");
    }
    Opcode opcode =
        Opcode.of(first & 0x0F)
            .orElseThrow(() -> new Violation(CloseCode.PROTOCOL_ERROR, "an unknown opcode"));
    if ((second & MASKED) == 0) {
      throw new Violation(CloseCode.PROTOCOL_ERROR, "a client masks its frames");
    }
    boolean last = (first & LAST) != 0;
    long length = length(in, second & ~MASKED);
    if (opcode.isControl() && (!last || length > LONGEST_CONTROL)) {
      throw new Violation(CloseCode.PROTOCOL_ERROR, "a control frame is short and whole");
    }
    if (length > LONGEST) {
      throw new Violation(CloseCode.TOO_BIG, "the frame is too long");
    }
    return new FrameHead(last, opcode, length, (int) number(in, Integer.BYTES));
  }

  /** A whole frame as a server sends it. */
  static byte[] frame(Opcode opcode, byte[] bytes, int offset, int length) {
    int extra = length <= LONGEST_CONTROL ? 0 : length <= 0xFFFF ? Short.BYTES : Long.BYTES;
    ByteBuffer frame = ByteBuffer.allocate(2 + extra + length);
    frame.put((byte) (LAST | opcode.code()));
    switch (extra) {
      case 0 -> frame.put((byte) length);
      case Short.BYTES -> frame.put((byte) TWO_BYTES).putShort((short) length);
      default -> frame.put((byte) EIGHT_BYTES).putLong(length);
    }
    return frame.put(bytes, offset, length).array();
  }

  /** Hides bytes of the frame, or shows them again, in place; {@code at} is where they begin. */
  void unmask(byte[] bytes, int offset, int length, long at) {
    for (int i = 0; i < length; i++) {
      int shift = 24 - 8 * (int) ((at + i) & 3);
      bytes[offset + i] ^= (byte) (mask >>> shift);
    }
  }

  private static long length(InputStream in, int told) throws IOException, Violation {
    if (told < TWO_BYTES) {
      return told;
    }
    boolean two = told == TWO_BYTES;
    long length = number(in, two ? Short.BYTES : Long.BYTES);
    // The shortest form is the only one; a negative number has its highest bit set.
    if (length <= (two ? LONGEST_CONTROL : 0xFFFF)) {
      throw new Violation(CloseCode.PROTOCOL_ERROR, "the length is not in its shortest form");
    }
    return length;
  }

  private static long number(InputStream in, int bytes) throws IOException {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number = number << 8 | octet(in);
    }
    return number;
  }

  private static int octet(InputStream in) throws IOException {
    int octet = in.read();
    if (octet < 0) {
      throw new EOFException("the client has gone");
    }
    return octet;
  }
}

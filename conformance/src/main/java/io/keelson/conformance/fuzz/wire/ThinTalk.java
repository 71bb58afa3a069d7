package io.keelson.conformance.fuzz.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.keelson.conformance.fuzz.make.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** A client's side of a command of xe, which answers what it is asked with what it was given. */
record ThinTalk(InputStream in, OutputStream out) {
  private static final int LONGEST = 16 << 20;
  private static final byte[] GREETING = Request.XE.getBytes(ISO_8859_1);
  private static final int VERSION = 8;
  private static final int COMMAND = 9;

  /** The server asks for a file, or for a line that is typed. */
  private static final Set<Integer> FOR_BYTES = Set.of(1, 3);

  /** The server asks that a path be fetched, sent to, or joined with the terminal. */
  private static final Set<Integer> FOR_A_PATH = Set.of(12, 13, 17);

  /**
   * Everything that the server says, until it ends or asks for more than the client has to say.
   *
   * @param parts the command, the greeting, and the answers
   */
  String text(List<byte[]> parts) throws IOException {
    Deque<byte[]> rest = new ArrayDeque<>(parts);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    send(rest);
    byte[] greeting = in.readNBytes(GREETING.length + VERSION);
    said.writeBytes(greeting);
    if (!Arrays.equals(
        greeting, 0, Math.min(GREETING.length, greeting.length), GREETING, 0, GREETING.length)) {
      said.writeBytes(in.readNBytes(LONGEST));
      return said.toString(ISO_8859_1);
    }
    send(rest);
    boolean more = true;
    while (more && said.size() < LONGEST) {
      byte[] length = in.readNBytes(Integer.BYTES);
      byte[] frame = in.readNBytes(length.length < Integer.BYTES ? 0 : number(length, 0));
      said.writeBytes(frame);
      more = frame.length > 0 && answer(frame, rest);
    }
    return said.toString(ISO_8859_1);
  }

  /**
   * Answers what asks for something.
   *
   * @return whether the client stays
   */
  private boolean answer(byte[] frame, Deque<byte[]> rest) throws IOException {
    int tag = frame.length >= 8 && number(frame, 0) == COMMAND ? number(frame, 4) : 0;
    boolean path = FOR_A_PATH.contains(tag);
    if (!path && !FOR_BYTES.contains(tag)) {
      return true;
    }
    boolean answered = !rest.isEmpty();
    send(rest);
    return answered && !path; // that a path was fetched is a lie here, and waited for
  }

  private void send(Deque<byte[]> rest) throws IOException {
    if (!rest.isEmpty()) {
      out.write(rest.pop());
      out.flush();
    }
  }

  private static int number(byte[] bytes, int at) throws IOException {
    int number = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    if (number < 0 || number > LONGEST) {
      throw new IOException("a frame of " + number + " bytes");
    }
    return number;
  }
}

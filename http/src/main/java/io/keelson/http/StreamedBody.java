package io.keelson.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/** The body of a reply that is made while it is sent. */
final class StreamedBody extends OutputStream {
  private static final int BUFFER = 64 << 10;
  private static final byte[] LINE_END = {'\r', '\n'};

  private final OutputStream out;
  private final OptionalLong length;
  private final boolean chunks;
  private final boolean headOnly;
  private final byte[] buffer = new byte[BUFFER];
  private int held;
  private long taken;

  /**
   * @param headOnly whether the client asked for the head alone; what is written then goes nowhere
   */
  StreamedBody(OutputStream out, OptionalLong length, boolean chunks, boolean headOnly) {
    this.out = out;
    this.length = length;
    this.chunks = chunks;
    this.headOnly = headOnly;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    taken += count;
    if (length.isPresent() && taken > length.getAsLong()) {
      throw new IOException("the body is longer than it was said to be");
    }
    if (headOnly) {
      return;
    }
    if (count > BUFFER - held) {
      flush();
    }
    if (count >= BUFFER) {
      send(bytes, offset, count);
    } else {
      System.arraycopy(bytes, offset, buffer, held, count);
      held += count;
    }
  }

  @Override
  public void flush() throws IOException {
    if (held > 0) {
      send(buffer, 0, held);
      held = 0;
    }
  }

  /** Sends what is left, and says whether the body is as long as it was said to be. */
  boolean finish() throws IOException {
    flush();
    if (chunks && !headOnly) {
      out.write("0\r\n\r\n".getBytes(US_ASCII));
    }
    return length.isEmpty() || headOnly || taken == length.getAsLong();
  }

  private void send(byte[] bytes, int offset, int count) throws IOException {
    if (chunks) {
      out.write((Integer.toHexString(count) + "\r\n").getBytes(US_ASCII));
    }
    out.write(bytes, offset, count);
    if (chunks) {
      out.write(LINE_END);
    }
  }
}

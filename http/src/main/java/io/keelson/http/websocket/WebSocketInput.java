package io.keelson.http.websocket;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of a client's binary messages, one after the other. Where one message ends and the next
 * begins is not told. Nothing is held back: a frame's bytes are passed on as they come.
 *
 * <p>Pings are answered while reading. It ends when the client closes, goes away, or breaks the
 * protocol, of which it is told.
 */
final class WebSocketInput extends InputStream {
  private final InputStream in;
  private final WebSocketOutput out;
  private FrameHead frame = new FrameHead(true, Opcode.BINARY, 0, 0);
  private long taken;
  private boolean ended;

  WebSocketInput(InputStream in, WebSocketOutput out) {
    this.in = in;
    this.out = out;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    try {
      while (!ended && taken == frame.length()) {
        next(FrameHead.read(in));
      }
    } catch (EOFException _) {
      ended = true;
    } catch (Violation violation) {
      ended = true;
      out.end(violation.code().code());
    }
    if (ended) {
      return -1;
    }
    int size = in.read(target, offset, (int) Math.min(length, frame.length() - taken));
    if (size < 0) {
      ended = true;
      return -1;
    }
    frame.unmask(target, offset, size, taken);
    taken += size;
    return size;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void next(FrameHead head) throws IOException, Violation {
    switch (head.opcode()) {
      case BINARY -> begin(head, frame.last());
      case CONTINUATION -> begin(head, !frame.last());
      case TEXT -> throw new Violation(CloseCode.UNSUPPORTED_DATA, "only bytes are taken");
      case PING -> out.pong(payload(head));
      case PONG -> {
        byte[] _ = payload(head);
      }
      case CLOSE -> {
        answerClose(payload(head));
        ended = true;
      }
    }
  }

  private void begin(FrameHead head, boolean inOrder) throws Violation {
    if (!inOrder) {
      throw new Violation(CloseCode.PROTOCOL_ERROR, "one message begins after the other's end");
    }
    frame = head;
    taken = 0;
  }

  private byte[] payload(FrameHead head) throws IOException {
    byte[] payload = in.readNBytes((int) head.length());
    if (payload.length < head.length()) {
      throw new EOFException("the client has gone");
    }
    head.unmask(payload, 0, payload.length, 0);
    return payload;
  }

  private void answerClose(byte[] payload) throws IOException, Violation {
    if (payload.length == 0) {
      out.end();
      return;
    }
    ByteBuffer reason = ByteBuffer.wrap(payload);
    int code = payload.length < Short.BYTES ? 0 : reason.getShort() & 0xFFFF;
    if (!CloseCode.isSendable(code)) {
      throw new Violation(CloseCode.PROTOCOL_ERROR, "no reason to close");
    }
    try {
      var _ = StandardCharsets.UTF_8.newDecoder().decode(reason);
    } catch (CharacterCodingException _) {
      throw new Violation(CloseCode.INVALID_TEXT, "the reason is not text");
    }
    out.end(code);
  }
}

package io.keelson.http.websocket;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/** What is written goes out as binary messages; pongs and the end may come from another thread. */
final class WebSocketOutput extends OutputStream {
  private static final int LONGEST = 64 << 10;

  private final OutputStream out;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean closed;

  WebSocketOutput(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int end = offset + length;
    for (int at = offset; at < end; at += LONGEST) {
      if (!send(Opcode.BINARY, bytes, at, Math.min(LONGEST, end - at))) {
        throw new IOException("the conversation is over");
      }
    }
  }

  /** Answers a ping. */
  void pong(byte[] payload) throws IOException {
    boolean _ = send(Opcode.PONG, payload, 0, payload.length);
  }

  /** Says that nothing more comes, and why. Only the first time counts. */
  void end(int code) throws IOException {
    lock.lock();
    try {
      byte[] reason = ByteBuffer.allocate(Short.BYTES).putShort((short) code).array();
      boolean _ = send(Opcode.CLOSE, reason, 0, reason.length);
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  /** Says that nothing more comes, to one who gave no reason either. */
  void end() throws IOException {
    lock.lock();
    try {
      boolean _ = send(Opcode.CLOSE, new byte[0], 0, 0);
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  private boolean send(Opcode opcode, byte[] bytes, int offset, int length) throws IOException {
    byte[] frame = FrameHead.frame(opcode, bytes, offset, length);
    lock.lock();
    try {
      if (!closed) {
        out.write(frame);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }
}

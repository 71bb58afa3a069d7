package io.keelson.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bytes from the event loop of a channel, which must not wait, to a thread that may. While the pipe
 * is full nothing is read from the channel.
 */
final class BytePipe extends InputStream {
  private static final long FULL = 1 << 20;
  private static final long LOW = FULL / 4;

  private final Channel channel;
  private final Runnable firstRead;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ByteBuf> parts = new ArrayDeque<>();
  private long held;
  private boolean full;
  private boolean ended;
  private boolean broken;
  private boolean closed;
  private boolean asked;

  /**
   * @param firstRead called from any thread when somebody begins to read
   */
  BytePipe(Channel channel, Runnable firstRead) {
    this.channel = channel;
    this.firstRead = firstRead;
  }

  /** Takes the bytes over; called on the channel's event loop. */
  void feed(ByteBuf part) {
    if (!add(part)) {
      channel.config().setAutoRead(false);
    }
  }

  /** Takes the bytes over, and says whether there is room for more. */
  private boolean add(ByteBuf part) {
    lock.lock();
    try {
      if (closed || ended || !part.isReadable()) {
        part.release();
        return true;
      }
      parts.add(part);
      held += part.readableBytes();
      full = full || held >= FULL;
      changed.signalAll();
      return !full;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more comes. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more comes, though it should. */
  void fail() {
    lock.lock();
    try {
      broken = !ended;
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
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
    if (!asked) {
      asked = true;
      firstRead.run();
    }
    boolean more = false;
    int size;
    lock.lock();
    try {
      while (parts.isEmpty() && !ended && !closed) {
        changed.await();
      }
      if (broken && parts.isEmpty()) {
        throw new IOException("the client went away");
      }
      if (parts.isEmpty() || closed) {
        return -1;
      }
      ByteBuf first = parts.getFirst();
      size = Math.min(length, first.readableBytes());
      first.readBytes(target, offset, size);
      held -= size;
      if (!first.isReadable()) {
        parts.removeFirst().release();
      }
      if (full && held <= LOW) {
        full = false;
        more = true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      lock.unlock();
    }
    if (more) {
      channel.eventLoop().execute(() -> channel.config().setAutoRead(true));
    }
    return size;
  }

  @Override
  public int available() {
    lock.lock();
    try {
      return (int) held;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      parts.forEach(ByteBuf::release);
      parts.clear();
      held = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

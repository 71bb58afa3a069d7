package io.keelson.http;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Writes bytes to a connection that was taken over, and waits while the client does not read. */
final class RawOutput extends OutputStream {
  private static final int PART = 64 << 10;

  private final Channel channel;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile long patience = Long.MAX_VALUE;

  RawOutput(Channel channel) {
    this.channel = channel;
  }

  /** From now on a client may be slow to read for that long at most. */
  void limitWaits(Duration longest) {
    patience = longest.toNanos();
  }

  /** The connection can take more, or has gone. */
  void changed() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      awaitRoom();
      int size = Math.min(PART, end - at);
      channel.writeAndFlush(
          channel.alloc().buffer(size).writeBytes(bytes, at, size), channel.voidPromise());
      at += size;
    }
  }

  private void awaitRoom() throws IOException {
    lock.lock();
    try {
      long left = patience;
      while (channel.isActive() && !channel.isWritable()) {
        if (left <= 0) {
          throw new IOException("the client does not read");
        }
        left = changed.awaitNanos(left);
      }
      if (!channel.isActive()) {
        throw new IOException("the client went away");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }
}

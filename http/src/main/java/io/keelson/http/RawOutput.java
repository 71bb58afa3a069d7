package io.keelson.http;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Writes bytes to a connection that was taken over, and waits while the client does not read. */
final class RawOutput extends OutputStream {
  private static final int PART = 64 << 10;

  private final Channel channel;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  RawOutput(Channel channel) {
    this.channel = channel;
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
      while (channel.isActive() && !channel.isWritable()) {
        changed.await();
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

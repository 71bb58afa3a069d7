package io.keelson.cli.client;

import io.keelson.cli.thin.Message;
import io.keelson.cli.thin.ThinChannel;
import java.io.IOException;
import java.time.Duration;

/** While it is open the server hears now and then that xe is still at work. */
final class Heartbeat implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final Thread thread;

  Heartbeat(ThinChannel channel) {
    this.thread = Thread.ofVirtual().start(() -> beat(channel));
  }

  private static void beat(ThinChannel channel) {
    try {
      while (true) {
        Thread.sleep(PAUSE);
        channel.send(Message.Response.WAIT);
      }
    } catch (InterruptedException | IOException _) {
      // The work is done, or the server has gone, which whoever works will find out.
    }
  }

  /** From when this returns nothing more is said. */
  @Override
  public void close() throws IOException {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}

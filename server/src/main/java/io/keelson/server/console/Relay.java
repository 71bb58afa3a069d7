package io.keelson.server.console;

import io.keelson.control.session.SessionEnds;
import io.keelson.http.HttpAnswer.Conversation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries bytes between a client and a console until either ends. Each way has one buffer, and is
 * only as fast as its slower end.
 *
 * @param console connected; closed at the end
 * @param watched registers what cuts the line when its session ends
 * @param hangUp ends the client's connection at once
 * @param hungUp run at the end
 */
record Relay(
    SocketChannel console,
    Function<Runnable, SessionEnds.Watch> watched,
    Runnable hangUp,
    Runnable hungUp)
    implements Conversation {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private static final int BUFFER = 32 << 10;

  /** How long a console may still say something to one who has stopped sending. */
  private static final int LAST_WORDS_SECONDS = 2;

  @Override
  public void run(InputStream in, OutputStream out) throws IOException {
    CountDownLatch over = new CountDownLatch(1);
    Thread typing = Thread.ofVirtual().name("console-input").start(() -> carryToConsole(in, over));
    try (SessionEnds.Watch _ = watched.apply(() -> cut(over))) {
      carryToClient(out);
    } finally {
      over.countDown();
      close();
      in.close();
      await(typing);
      hungUp.run();
    }
  }

  private void carryToClient(OutputStream out) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    while (read(buffer)) {
      out.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
  }

  /** False when the console has ended, or the other way has closed it as its client has gone. */
  private boolean read(ByteBuffer buffer) {
    try {
      return console.read(buffer) >= 0;
    } catch (IOException e) {
      LOG.debug("A console has ended", e);
      return false;
    }
  }

  /**
   * A client that has gone looks like one that only has nothing more to send; a console that waits
   * for its guest does not notice either. So the line is cut soon after.
   */
  private void carryToConsole(InputStream in, CountDownLatch over) {
    byte[] bytes = new byte[BUFFER];
    try {
      for (int size = in.read(bytes); size >= 0; size = in.read(bytes)) {
        ByteBuffer part = ByteBuffer.wrap(bytes, 0, size);
        while (part.hasRemaining()) {
          console.write(part);
        }
      }
      console.shutdownOutput();
      boolean _ = passed(over);
    } catch (IOException e) {
      LOG.debug("A console's client or its VM has gone", e);
    } finally {
      close();
    }
  }

  /** The console goes at once; the client hears why, unless it does not listen. */
  private void cut(CountDownLatch over) {
    close();
    Thread.ofVirtual()
        .name("console-cut")
        .start(() -> {
          if (!passed(over)) {
            hangUp.run();
          }
        });
  }

  private static boolean passed(CountDownLatch over) {
    try {
      return over.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void close() {
    try {
      console.close();
    } catch (IOException e) {
      LOG.debug("A console could not be closed", e);
    }
  }

  private static void await(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}

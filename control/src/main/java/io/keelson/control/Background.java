package io.keelson.control;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that is done again and again, one after another on one thread, until closed. */
final class Background implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Background.class);

  private final Duration pause;
  private final List<Runnable> chores;
  private final Thread thread;

  Background(Duration pause, List<Runnable> chores) {
    this.pause = pause;
    this.chores = chores;
    this.thread = Thread.ofVirtual().name("chores").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(pause);
        chores.forEach(Background::tryOnce);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void tryOnce(Runnable chore) {
    try {
      chore.run();
    } catch (RuntimeException e) {
      LOG.error("a chore failed; it is tried again", e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    Threads.awaitEnd(thread);
  }
}

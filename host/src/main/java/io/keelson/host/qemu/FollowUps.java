package io.keelson.host.qemu;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one domain does by itself, followed up on a thread of its own, in order, and not before the
 * domain is known: a guest that powers off while its server is still taking it over is then heard,
 * not lost.
 */
final class FollowUps {
  private static final Logger LOG = LoggerFactory.getLogger(FollowUps.class);

  private final UUID vm;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("domain-events").factory());
  private final CountDownLatch known = new CountDownLatch(1);

  FollowUps(UUID vm) {
    this.vm = vm;
    add(this::awaitKnown);
  }

  private void awaitKnown() {
    try {
      known.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The domain is known from now on. */
  void begin() {
    known.countDown();
  }

  /** Follows something up after what came before. */
  void add(Runnable work) {
    try {
      thread.execute(() -> {
        try {
          work.run();
        } catch (RuntimeException e) {
          LOG.error("An event of domain {} could not be followed up", vm, e);
        }
      });
    } catch (RejectedExecutionException _) {
      // Nobody is attached any more; the next one to adopt the domain finds out.
    }
  }

  /** Takes nothing in any more; what came until now is followed up. */
  void end() {
    begin();
    thread.shutdown();
  }

  /** The same, and waits until that is done. */
  void finish(Duration patience) {
    end();
    try {
      boolean _ = thread.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Follows nothing up: the domain did not come to be. */
  void drop() {
    thread.shutdownNow();
  }
}

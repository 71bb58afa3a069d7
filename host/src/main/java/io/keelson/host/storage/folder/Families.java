package io.keelson.host.storage.folder;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Lets one call at a time work on volumes that share blocks. */
final class Families {
  private static final int STRIPES = 64;
  private static final int MOST_TRIES = 100;

  private final ReentrantLock[] stripes =
      Stream.generate(ReentrantLock::new).limit(STRIPES).toArray(ReentrantLock[]::new);

  /** Runs the work with the chain as it is once nobody else works on its family. */
  <T> T run(Supplier<Chain> chain, Function<Chain, T> work) {
    return yielding(chain, (now, wanted) -> work.apply(now));
  }

  /**
   * {@link #run} for long work that should end early when somebody waits for it, which it is told
   * when it asks.
   */
  <T> T yielding(Supplier<Chain> chain, BiFunction<Chain, BooleanSupplier, T> work) {
    String root = chain.get().root();
    for (int i = 0; i < MOST_TRIES; i++) {
      ReentrantLock stripe = stripes[Math.floorMod(root.hashCode(), STRIPES)];
      stripe.lock();
      try {
        Chain now = chain.get();
        if (now.root().equals(root)) {
          return work.apply(now, stripe::hasQueuedThreads);
        }
        // Destroyed and made again meanwhile: another family.
        root = now.root();
      } finally {
        stripe.unlock();
      }
    }
    throw new IllegalStateException("the volume never stays in one family");
  }
}

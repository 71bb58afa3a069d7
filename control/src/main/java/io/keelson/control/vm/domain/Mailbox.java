package io.keelson.control.vm.domain;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The watches on one VM, and what its domain did while there were any. */
final class Mailbox {
  /** How often a waiting operation looks whether its task was cancelled. */
  private static final Duration LOOK = Duration.ofMillis(50);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final List<Watch> watches = new ArrayList<>();
  private final Deque<DomainEvent> events = new ArrayDeque<>();

  void join(Watch watch) {
    lock.lock();
    try {
      watches.add(watch);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends a watch.
   *
   * @return an event that nobody took, once nobody is left to take it
   */
  Optional<DomainEvent> leave(Watch watch) {
    lock.lock();
    try {
      watches.remove(watch);
      news.signalAll();
      return watches.isEmpty() ? Optional.ofNullable(events.poll()) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  boolean unused() {
    lock.lock();
    try {
      return watches.isEmpty() && events.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Keeps an event for the watches; false when there is none. */
  boolean offer(DomainEvent event) {
    lock.lock();
    try {
      if (watches.isEmpty()) {
        return false;
      }
      events.add(event);
      news.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for an event; empty when time was up or {@code stop} said so. */
  Optional<DomainEvent> take(Duration patience, BooleanSupplier stop) {
    lock.lock();
    try {
      await(() -> !events.isEmpty() || stop.getAsBoolean(), patience);
      return stop.getAsBoolean() ? Optional.empty() : Optional.ofNullable(events.poll());
    } finally {
      lock.unlock();
    }
  }

  void clear() {
    lock.lock();
    try {
      events.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Tells all other watches to stop and waits until they have; false when time was up. */
  boolean outlast(Watch survivor, Duration patience) {
    lock.lock();
    try {
      watches.stream().filter(w -> w != survivor).forEach(Watch::interrupt);
      news.signalAll();
      await(() -> watches.size() == 1, patience);
      return watches.size() == 1;
    } finally {
      lock.unlock();
    }
  }

  private void await(BooleanSupplier done, Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    try {
      while (!done.getAsBoolean() && System.nanoTime() < end) {
        news.awaitNanos(Math.min(LOOK.toNanos(), end - System.nanoTime()));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a domain");
    }
  }
}

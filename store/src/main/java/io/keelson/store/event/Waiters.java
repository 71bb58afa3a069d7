package io.keelson.store.event;

import io.keelson.store.ObjectId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Those who wait for changes, each woken only for what its filter lets through. */
final class Waiters {

  /** One who waits. */
  static final class Waiter {
    private final Predicate<ObjectId<?>> filter;
    private final Thread thread = Thread.currentThread();
    private volatile boolean woken;

    private Waiter(Predicate<ObjectId<?>> filter) {
      this.filter = filter;
    }

    /** What comes from now on wakes it. */
    void reset() {
      woken = false;
    }

    /** Waits until woken, interrupted or time is up; may also return for no reason. */
    void sleep(long nanos) {
      if (!woken) {
        LockSupport.parkNanos(this, nanos);
      }
    }

    private void wake() {
      woken = true;
      LockSupport.unpark(thread);
    }
  }

  private final Set<Waiter> all = ConcurrentHashMap.newKeySet();

  Waiter add(Predicate<ObjectId<?>> filter) {
    Waiter waiter = new Waiter(filter);
    all.add(waiter);
    return waiter;
  }

  void remove(Waiter waiter) {
    all.remove(waiter);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  void wake(Set<ObjectId<?>> changed) {
    for (Waiter waiter : all) {
      if (!waiter.woken && changed.stream().anyMatch(waiter.filter)) {
        waiter.wake();
      }
    }
  }

  void wakeAll() {
    all.forEach(Waiter::wake);
  }
}

package io.keelson.store.event;

import io.keelson.store.codec.Removal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** The newest removals, so that a watcher who comes back late hears of them. */
final class RemovalLog {
  private final int capacity;
  private final Deque<Removal> newestLast = new ArrayDeque<>();
  private long forgotten;

  RemovalLog(int capacity, List<Removal> known, long forgotten) {
    this.capacity = capacity;
    this.forgotten = forgotten;
    known.forEach(this::add);
  }

  synchronized void add(Removal removal) {
    newestLast.addLast(removal);
    if (newestLast.size() > capacity) {
      forgotten = newestLast.removeFirst().removed();
    }
  }

  /** Number of the newest removal that is not remembered. */
  synchronized long forgotten() {
    return forgotten;
  }

  synchronized List<Removal> all() {
    return List.copyOf(newestLast);
  }

  /** Those after a change, newest first. */
  synchronized List<Removal> since(long generation) {
    List<Removal> found = new ArrayList<>();
    Iterator<Removal> newestFirst = newestLast.descendingIterator();
    while (newestFirst.hasNext()) {
      Removal removal = newestFirst.next();
      if (removal.removed() <= generation) {
        break;
      }
      found.add(removal);
    }
    return found;
  }
}

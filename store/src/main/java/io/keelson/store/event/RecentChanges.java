package io.keelson.store.event;

import io.keelson.store.EventToken;
import io.keelson.store.ObjectId;
import io.keelson.store.table.State;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Which objects changed lately, in a ring: finding what is new costs the number of changes, not of
 * objects. One thread at a time adds; any number read.
 */
final class RecentChanges {
  private static final int CAPACITY = 1 << 16;

  /** An object changed, and where the order of changes stood then. */
  private record Noted(long sequence, EventToken token, ObjectId<?> id) {}

  private final AtomicReferenceArray<@Nullable Noted> ring = new AtomicReferenceArray<>(CAPACITY);
  private final EventToken origin;

  /**
   * @param origin where the order of changes stood when it was empty
   */
  RecentChanges(EventToken origin) {
    this.origin = origin;
  }

  /**
   * @param first number of the first of them
   */
  void add(long first, EventToken token, List<ObjectId<?>> ids) {
    long sequence = first;
    for (ObjectId<?> id : ids) {
      ring.set(slot(sequence), new Noted(sequence, token, id));
      sequence++;
    }
  }

  private static int slot(long sequence) {
    return (int) (sequence & (CAPACITY - 1));
  }

  private @Nullable Noted get(long sequence) {
    Noted noted = ring.get(slot(sequence));
    return noted != null && noted.sequence == sequence ? noted : null;
  }

  /** The objects changed between two numbers; empty when they are no longer all known. */
  Optional<Set<ObjectId<?>>> between(long from, long to) {
    Set<ObjectId<?>> ids = new LinkedHashSet<>();
    for (long sequence = from; sequence < to; sequence++) {
      Noted noted = get(sequence);
      if (noted == null) {
        return Optional.empty();
      }
      ids.add(noted.id);
    }
    return Optional.of(ids);
  }

  /** The objects changed after a point, up to a state; empty when they are not all known. */
  Optional<Set<ObjectId<?>>> after(EventToken point, State state) {
    long low = Math.max(0, state.sequence() - CAPACITY);
    boolean whole = low == 0 && reaches(point, origin);
    if (!whole) {
      Noted oldest = get(low);
      if (state.sequence() == low || oldest == null || !reaches(point, oldest.token)) {
        return Optional.empty();
      }
    }
    long high = state.sequence();
    while (low < high) {
      long middle = (low + high) >>> 1;
      Noted noted = get(middle);
      if (noted == null) {
        return Optional.empty();
      }
      if (reaches(point, noted.token)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return between(low, state.sequence());
  }

  /** Whether nothing up to another point is news to one. */
  private static boolean reaches(EventToken point, EventToken other) {
    return other.generation() <= point.generation() && other.overlay() <= point.overlay();
  }
}

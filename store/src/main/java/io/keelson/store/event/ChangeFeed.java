package io.keelson.store.event;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiRecord;
import io.keelson.store.EventFeed;
import io.keelson.store.EventToken;
import io.keelson.store.ObjectId;
import io.keelson.store.Row;
import io.keelson.store.codec.Removal;
import io.keelson.store.table.Edit;
import io.keelson.store.table.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The event feed over the store's published states. */
public final class ChangeFeed implements EventFeed, AutoCloseable {
  private final Supplier<State> current;
  private volatile RecentChanges recent;
  private final RemovalLog removals;
  private final Waiters waiters = new Waiters();
  private final Thread waker;
  private volatile boolean open = true;

  /**
   * @param current the newest published state
   * @param start the state that it starts with
   * @param known the removals remembered from before
   * @param forgotten number of the newest removal not among them
   */
  public ChangeFeed(
      Supplier<State> current, State start, int removalsKept, List<Removal> known, long forgotten) {
    this.current = current;
    this.recent = new RecentChanges(token(start));
    this.removals = new RemovalLog(removalsKept, known, forgotten);
    long first = start.sequence();
    this.waker = Thread.ofPlatform().daemon().name("store-events").start(() -> wake(first));
  }

  private static EventToken token(State state) {
    return new EventToken(state.generation(), state.stamp());
  }

  /**
   * Takes notes of an edit that is about to be published.
   *
   * @param now the state published last
   * @return the state to publish
   */
  public State note(State now, Edit edit) {
    State next = edit.after();
    List<ObjectId<?>> changed = edit.changed();
    for (ObjectId<?> id : changed) {
      noteRemoval(now, next, id);
    }
    long first = now.sequence();
    recent.add(first, token(next), changed);
    return next.told(first + changed.size());
  }

  private <R extends ApiRecord> void noteRemoval(State before, State after, ObjectId<R> id) {
    if (after.table(id.apiClass()).row(id.ref()).isEmpty()) {
      before
          .table(id.apiClass())
          .row(id.ref())
          .ifPresent(row -> removals.add(new Removal(id, row.created(), after.generation())));
    }
  }

  /** Whoever comes back after this looks through a whole state, which is this one or later. */
  public void startFrom(State state) {
    recent = new RecentChanges(token(state));
  }

  /** To be called when a noted state was published. */
  public void published() {
    // whoever comes to wait now looks first at the state, which is new already
    if (!waiters.isEmpty()) {
      LockSupport.unpark(waker);
    }
  }

  /** The removals remembered. */
  public List<Removal> removals() {
    return removals.all();
  }

  /** Number of the newest removal that is not remembered. */
  public long forgotten() {
    return removals.forgotten();
  }

  private void wake(long first) {
    long seen = first;
    while (open) {
      long now = current.get().sequence();
      if (now == seen) {
        LockSupport.park(this);
        continue;
      }
      if (!waiters.isEmpty()) {
        recent.between(seen, now).ifPresentOrElse(waiters::wake, waiters::wakeAll);
      }
      seen = now;
    }
    waiters.wakeAll();
  }

  @Override
  public EventToken now() {
    return token(current.get());
  }

  @Override
  public void wakeAll() {
    waiters.wakeAll();
  }

  @Override
  public Batch await(
      Predicate<ObjectId<?>> filter,
      EventToken after,
      Duration timeout,
      BooleanSupplier abandoned) {
    long start = System.nanoTime();
    long patience = nanos(timeout);
    State state = current.get();
    List<Change<?>> changes = since(state, filter, after);
    if (!changes.isEmpty()) {
      return new Batch(changes, state, token(state));
    }
    Waiters.Waiter waiter = waiters.add(filter);
    try {
      while (true) {
        waiter.reset();
        State next = current.get();
        changes = between(state, next, filter, after);
        state = next;
        long left = patience - (System.nanoTime() - start);
        if (!changes.isEmpty()
            || left <= 0
            || !open
            || abandoned.getAsBoolean()
            || Thread.currentThread().isInterrupted()) {
          return new Batch(changes, state, token(state));
        }
        waiter.sleep(left);
      }
    } finally {
      waiters.remove(waiter);
    }
  }

  private static long nanos(Duration timeout) {
    try {
      return timeout.toNanos();
    } catch (ArithmeticException _) {
      return Long.MAX_VALUE;
    }
  }

  /** What is new to somebody who has just come. */
  private List<Change<?>> since(State state, Predicate<ObjectId<?>> filter, EventToken after) {
    if (after.generation() > state.generation()) {
      throw ApiErrors.eventsLost();
    }
    return recent
        .after(after, state)
        .map(ids -> among(ids, state, filter, after))
        .orElseGet(() -> everything(state, filter, after));
  }

  /** What is new to somebody for whom nothing was in an earlier state. */
  private List<Change<?>> between(
      State seen, State state, Predicate<ObjectId<?>> filter, EventToken after) {
    return recent
        .between(seen.sequence(), state.sequence())
        .map(ids -> among(ids, state, filter, after))
        .orElseGet(() -> everything(state, filter, after));
  }

  private List<Change<?>> among(
      Set<ObjectId<?>> ids, State state, Predicate<ObjectId<?>> filter, EventToken after) {
    List<Change<?>> found = new ArrayList<>();
    boolean gone = false;
    for (ObjectId<?> id : ids) {
      if (filter.test(id)) {
        gone |= !addIfPresent(id, state, after, found);
      }
    }
    if (gone) {
      addRemoved(state, filter, after, found);
    }
    return sorted(found);
  }

  private static <R extends ApiRecord> boolean addIfPresent(
      ObjectId<R> id, State state, EventToken after, List<Change<?>> found) {
    Optional<Row<R>> row = state.table(id.apiClass()).row(id.ref());
    row.flatMap(r -> present(id, r, after)).ifPresent(found::add);
    return row.isPresent();
  }

  private static <R extends ApiRecord> Optional<Change<R>> present(
      ObjectId<R> id, Row<R> row, EventToken after) {
    boolean isNew = row.created() > after.generation();
    if (!isNew && row.modified() <= after.generation() && row.touched() <= after.overlay()) {
      return Optional.empty();
    }
    Kind kind = isNew ? Kind.ADDED : Kind.MODIFIED;
    return Optional.of(
        new Change<>(kind, id.apiClass(), id.ref(), Optional.of(row), row.modified()));
  }

  private List<Change<?>> everything(State state, Predicate<ObjectId<?>> filter, EventToken after) {
    List<Change<?>> found = new ArrayList<>();
    state.objects().filter(filter).forEach(id -> addIfPresent(id, state, after, found));
    addRemoved(state, filter, after, found);
    return sorted(found);
  }

  private void addRemoved(
      State state, Predicate<ObjectId<?>> filter, EventToken after, List<Change<?>> found) {
    long since = after.generation();
    List<Removal> later = removals.since(since);
    // asked after the removals were read, since one may be forgotten meanwhile
    if (since > 0 && since < removals.forgotten()) {
      throw ApiErrors.eventsLost();
    }
    for (Removal removal : later) {
      if (removal.created() <= since
          && removal.removed() <= state.generation()
          && filter.test(removal.id())) {
        removed(removal.id(), removal, state).ifPresent(found::add);
      }
    }
  }

  private static <R extends ApiRecord> Optional<Change<R>> removed(
      ObjectId<R> id, Removal removal, State state) {
    return state.table(id.apiClass()).row(id.ref()).isPresent()
        ? Optional.empty()
        : Optional.of(
            new Change<>(
                Kind.REMOVED, id.apiClass(), id.ref(), Optional.empty(), removal.removed()));
  }

  private static List<Change<?>> sorted(List<Change<?>> changes) {
    changes.sort(Comparator.comparingLong(Change::generation));
    return List.copyOf(changes);
  }

  @Override
  public void close() {
    open = false;
    LockSupport.unpark(waker);
  }
}

package io.keelson.http;

import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** All open connections: keeps their number and their patience within bounds. */
final class Connections {
  /** How many make room at once when the limit is reached, one in so many. */
  private static final int EVICT_ONE_IN = 100;

  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final int limit;
  private final Counters counters;
  private volatile boolean draining;

  Connections(int limit, Counters counters) {
    this.limit = limit;
    this.counters = counters;
  }

  int count() {
    return open.size();
  }

  /** Looks after deadlines from now on. */
  void watch(EventLoopGroup loops, Duration shortest) {
    long tick = Math.clamp(shortest.toMillis() / 4, 5, 1_000);
    loops.next().scheduleWithFixedDelay(this::sweep, tick, tick, TimeUnit.MILLISECONDS);
  }

  /** Takes a new connection in; false when there is no room and none can be made. */
  boolean admit(Connection connection) {
    if (open.size() >= limit && !evict()) {
      counters.refused.increment();
      return false;
    }
    counters.accepted.increment();
    open.add(connection);
    return true;
  }

  void closed(Connection connection) {
    open.remove(connection);
  }

  boolean isDraining() {
    return draining;
  }

  /** No connection serves another request; those that only wait end at once. */
  void drain() {
    draining = true;
    open.forEach(Connection::drain);
  }

  /** The same for some of them: others go on, and new ones are taken in. */
  void drain(Predicate<Connection> which) {
    open.stream().filter(which).forEach(Connection::drain);
  }

  void closeAll() {
    open.forEach(Connection::close);
  }

  /** Closes those that have been idle longest, or else been sending a request for longest. */
  private boolean evict() {
    // Looked at once each, since connections change while they are sorted.
    List<Connection> oldest =
        open.stream()
            .filter(connection -> connection.standing().isEvictable())
            .map(Candidate::of)
            .sorted(
                Comparator.comparing(Candidate::receiving).thenComparingLong(Candidate::deadline))
            .limit(Math.max(1, limit / EVICT_ONE_IN))
            .map(Candidate::connection)
            .toList();
    oldest.forEach(connection -> {
      open.remove(connection);
      counters.evicted.increment();
      connection.close();
    });
    return !oldest.isEmpty();
  }

  private record Candidate(Connection connection, boolean receiving, long deadline) {
    static Candidate of(Connection connection) {
      Standing standing = connection.standing();
      return new Candidate(connection, standing.isReceiving(), standing.deadline());
    }
  }

  private void sweep() {
    long now = System.nanoTime();
    for (Connection connection : open) {
      if (connection.standing().isOverdue(now)) {
        connection.expire();
      }
    }
  }
}

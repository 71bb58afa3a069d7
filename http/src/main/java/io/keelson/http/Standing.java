package io.keelson.http;

import java.time.Duration;

/**
 * What a connection is doing, and until when it may. Its event loop alone changes that; others
 * look, to find those that are overdue or can make room.
 */
final class Standing {
  private static final long NEVER = Long.MAX_VALUE;

  /** What is going on. */
  enum Phase {
    /** Nothing, or the head of a request is arriving. */
    HEAD,
    /** The body of a request is arriving. */
    BODY,
    /** A call or handler is at work. */
    ANSWER,
    /** A reply is going out. */
    WRITING,
    /** The last reply is out; what still comes is thrown away. */
    CLOSING,
    /** A handler sends its reply bit by bit; the body of its request may still be arriving. */
    STREAMING,
    /** A handler has taken the connection over. */
    TAKEN
  }

  private volatile Phase phase = Phase.HEAD;
  private volatile boolean receiving = true;
  private volatile long deadline;

  /** A connection whose first request is waited for. */
  Standing(Duration patience) {
    this.deadline = after(patience);
  }

  Phase phase() {
    return phase;
  }

  boolean is(Phase which) {
    return phase == which;
  }

  /** It does something else now, which may take so long. */
  void enter(Phase next, Duration patience) {
    deadline = after(patience);
    phase = next;
  }

  /** It does something else now, which may take as long as it takes. */
  void enter(Phase next) {
    deadline = NEVER;
    phase = next;
  }

  /** It does something else now, and its time goes on to run. */
  void turn(Phase next) {
    phase = next;
  }

  /** From now on it may take so long. */
  void allow(Duration patience) {
    deadline = after(patience);
  }

  /** From now on it may take as long as it takes. */
  void allowAll() {
    deadline = NEVER;
  }

  /** A request has begun to arrive, and has so long to be whole. */
  void receive(Phase part, Duration patience) {
    receiving = true;
    enter(part, patience);
  }

  /** Nothing is waited for to be whole any more. */
  void received() {
    receiving = false;
  }

  /** Whether it may be closed to make room for others. */
  boolean isEvictable() {
    Phase now = phase;
    return now == Phase.HEAD || now == Phase.BODY || now == Phase.CLOSING;
  }

  /** Whether a request, or the connection's first bytes, are being waited for to be whole. */
  boolean isReceiving() {
    return receiving;
  }

  /** When its patience ends; of idle connections the one idle longest has the earliest. */
  long deadline() {
    return deadline;
  }

  boolean isOverdue(long now) {
    long at = deadline;
    return at != NEVER && now - at >= 0;
  }

  private static long after(Duration time) {
    return System.nanoTime() + time.toNanos();
  }
}

package io.keelson.http;

import java.util.concurrent.atomic.LongAdder;

/** What the edge has done since it started. */
final class Counters {
  final LongAdder xmlCalls = new LongAdder();
  final LongAdder jsonCalls = new LongAdder();
  final LongAdder failedCalls = new LongAdder();
  final LongAdder unreadableCalls = new LongAdder();
  final LongAdder callNanos = new LongAdder();
  final LongAdder waitingCalls = new LongAdder();
  final LongAdder replyBytes = new LongAdder();
  final LongAdder accepted = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder evicted = new LongAdder();
  final LongAdder timedOut = new LongAdder();
}

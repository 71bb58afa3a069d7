package io.keelson.control.session;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down whoever guesses passwords: each wrong one makes the next attempt from the same source
 * at the same account wait twice as long, and attempts of one source at one account take turns. The
 * right password from anywhere else is not kept waiting.
 */
final class GuessLimits {
  private static final Duration FIRST = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofSeconds(16);
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);
  private static final int REMEMBERED = 10_000;

  private final Clock clock;
  private final Map<Guesser, Failures> failures =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Guesser, Failures> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Who tries to be whom. */
  record Guesser(String source, String account) {}

  private record Failures(int count, Instant free) {}

  GuessLimits(Clock clock) {
    this.clock = clock;
  }

  /** How long this attempt must wait before it is looked at; it has taken its turn. */
  synchronized Duration turn(Guesser guesser) {
    Instant now = clock.instant();
    Failures past = failures.get(guesser);
    if (past == null || past.free.plus(FORGOTTEN_AFTER).isBefore(now)) {
      failures.remove(guesser);
      return Duration.ZERO;
    }
    Instant start = past.free.isAfter(now) ? past.free : now;
    failures.put(guesser, new Failures(past.count, start.plus(delay(past.count))));
    return Duration.between(now, start);
  }

  /** Notes a wrong password; answers how long to wait before saying so. */
  synchronized Duration failed(Guesser guesser) {
    Instant now = clock.instant();
    int count = failures.getOrDefault(guesser, new Failures(0, now)).count + 1;
    Duration delay = delay(count);
    failures.put(guesser, new Failures(count, now.plus(delay)));
    return delay;
  }

  synchronized void succeeded(Guesser guesser) {
    failures.remove(guesser);
  }

  private static Duration delay(int count) {
    Duration delay = FIRST.multipliedBy(1L << Math.min(count - 1, 10));
    return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
  }
}

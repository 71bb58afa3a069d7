package io.keelson.control.vm.power;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bounds how often VMs are restarted without anybody asking. The first few restarts within a while
 * come at once, the next after growing pauses; a VM that keeps crashing is given up.
 */
final class RestartBudget {
  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final int AT_ONCE = 3;
  private static final int CRASHES = 6;
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Map<UUID, Deque<Instant>> restarts = new ConcurrentHashMap<>();

  /**
   * Asks for one more restart.
   *
   * @param crashed whether the run ended badly
   * @return how long to wait first; empty when the VM should stay down
   */
  Optional<Duration> next(UUID vm, Instant now, boolean crashed) {
    int[] recent = new int[1];
    restarts.compute(
        vm,
        (_, known) -> {
          Deque<Instant> times = known == null ? new ArrayDeque<>() : known;
          times.removeIf(t -> t.isBefore(now.minus(WINDOW)));
          recent[0] = times.size();
          times.add(now);
          return times;
        });
    if (crashed && recent[0] >= CRASHES) {
      restarts.remove(vm);
      return Optional.empty();
    }
    return Optional.of(pause(recent[0]));
  }

  /** Another VM runs in the place of one: its restarts count on. */
  void inherit(UUID from, UUID to) {
    Deque<Instant> times = restarts.remove(from);
    if (times != null) {
      restarts.put(to, times);
    }
  }

  /** Forgets a VM: somebody has taken it in hand. */
  void forget(UUID vm) {
    restarts.remove(vm);
  }

  private static Duration pause(int recent) {
    if (recent < AT_ONCE) {
      return Duration.ZERO;
    }
    Duration pause = Duration.ofSeconds(1L << Math.min(recent - AT_ONCE, 6));
    return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
  }
}

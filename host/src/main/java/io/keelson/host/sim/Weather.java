package io.keelson.host.sim;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Delays and failures, as the plan's seed decides them, whatever threads run when. */
final class Weather {
  private final SimulationPlan plan;
  private final boolean calm;
  private final ConcurrentHashMap<Call, Long> calls = new ConcurrentHashMap<>();

  private record Call(String name, UUID subject) {}

  Weather(SimulationPlan plan) {
    this.plan = plan;
    this.calm = plan.mostDelay().isZero() && plan.failureRate() == 0;
  }

  /** A call about something: takes its time, and raises FAILED when it is its turn to. */
  void pass(String call, UUID subject) {
    if (calm) {
      return;
    }
    Call key = new Call(call, subject);
    long times = calls.merge(key, 1L, Long::sum);
    SplittableRandom luck =
        new SplittableRandom(plan.seed() * 31 + Objects.hash(call, subject, times));
    long least = plan.leastDelay().toNanos();
    long most = plan.mostDelay().toNanos();
    delay(most > least ? luck.nextLong(least, most + 1) : least);
    if (luck.nextDouble() < plan.failureRate()) {
      throw new DriverException(Reason.FAILED, "the simulated " + call + " failed, as planned");
    }
  }

  private static void delay(long nanos) {
    if (nanos == 0) {
      return;
    }
    try {
      Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DriverException(Reason.CANCELLED, "interrupted", e);
    }
  }
}

package io.keelson.host.sim;

import java.time.Duration;

/**
 * What a simulation is like. The same plan gives each call the same delay and the same luck: they
 * follow from the seed, the call, what it is about, and how often that was called before.
 *
 * @param seed decides delays and failures
 * @param hosts how many hosts there are, at least 1
 * @param leastDelay of a call
 * @param mostDelay of a call, at least the least
 * @param failureRate how many of the calls that change something fail with FAILED, 0 to 1
 */
public record SimulationPlan(
    long seed, int hosts, Duration leastDelay, Duration mostDelay, double failureRate) {
  public SimulationPlan {
    if (hosts < 1
        || leastDelay.isNegative()
        || mostDelay.compareTo(leastDelay) < 0
        || !(failureRate >= 0 && failureRate <= 1)) {
      throw new IllegalArgumentException("a simulation's plan is out of range");
    }
  }

  /** Hosts without delay that never fail. */
  public static SimulationPlan of(int hosts) {
    return new SimulationPlan(0, hosts, Duration.ZERO, Duration.ZERO, 0);
  }
}

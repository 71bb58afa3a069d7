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
 * @param plainHosts how many of the hosts, the last ones, have no Open vSwitch
 */
public record SimulationPlan(
    long seed,
    int hosts,
    Duration leastDelay,
    Duration mostDelay,
    double failureRate,
    int plainHosts) {

  /** Of hosts that have Open vSwitch. */
  public SimulationPlan(
      long seed, int hosts, Duration leastDelay, Duration mostDelay, double failureRate) {
    this(seed, hosts, leastDelay, mostDelay, failureRate, 0);
  }

  public SimulationPlan {
    if (hosts < 1
        || leastDelay.isNegative()
        || mostDelay.compareTo(leastDelay) < 0
        || !(failureRate >= 0 && failureRate <= 1)) {
      throw new IllegalArgumentException("a simulation's plan is out of range");
    }
  }

  /** The same, with so many hosts without Open vSwitch. */
  public SimulationPlan withPlainHosts(int count) {
    return new SimulationPlan(seed, hosts, leastDelay, mostDelay, failureRate, count);
  }

  /** Hosts without delay that never fail. */
  public static SimulationPlan of(int hosts) {
    return new SimulationPlan(0, hosts, Duration.ZERO, Duration.ZERO, 0);
  }
}

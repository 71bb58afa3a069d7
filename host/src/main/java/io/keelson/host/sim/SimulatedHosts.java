package io.keelson.host.sim;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** The hosts of a simulation: each takes the uuid by which it is first called. */
final class SimulatedHosts {
  static final long MEMORY_BYTES = 64L << 30;
  static final int PROCESSORS = 16;

  private final int most;
  private final Map<UUID, Integer> numbers = new LinkedHashMap<>();

  SimulatedHosts(int most) {
    this.most = most;
  }

  /** The host's number, from 1; raises NOT_FOUND when all hosts have other uuids. */
  int number(UUID host) {
    synchronized (numbers) {
      Integer known = numbers.get(host);
      if (known != null) {
        return known;
      }
      if (numbers.size() >= most) {
        throw new DriverException(
            Reason.NOT_FOUND, "the simulation has " + most + " hosts, and none is " + host);
      }
      numbers.put(host, numbers.size() + 1);
      return numbers.size();
    }
  }
}

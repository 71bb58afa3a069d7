package io.keelson.host.sim;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** The hosts of a simulation: each takes the uuid by which it is first called. */
final class SimulatedHosts {
  static final long MEMORY_BYTES = 64L << 30;
  static final int PROCESSORS = 16;

  private final int most;
  private final Map<UUID, Integer> numbers = new LinkedHashMap<>();
  private final Map<UUID, String> names = new HashMap<>();
  private final Map<UUID, Run> runs = new HashMap<>();

  /**
   * A host's time since it was turned on.
   *
   * @param number how often it was before
   */
  record Run(int number, Instant since, boolean up) {}

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

  String name(UUID host) {
    String first = "sim-" + number(host);
    synchronized (numbers) {
      return names.getOrDefault(host, first);
    }
  }

  void rename(UUID host, String name) {
    synchronized (numbers) {
      names.put(host, name);
    }
  }

  /** The run that the host is in; raises NOT_FOUND when it is off. */
  Run run(UUID host) {
    Run run = last(host);
    if (!run.up()) {
      throw new DriverException(Reason.NOT_FOUND, "the host is off");
    }
    return run;
  }

  void turnOff(UUID host) {
    synchronized (numbers) {
      Run last = last(host);
      runs.put(host, new Run(last.number(), last.since(), false));
    }
  }

  /** Begins a new run, unless the host is up. */
  void turnOn(UUID host) {
    synchronized (numbers) {
      Run last = last(host);
      if (!last.up()) {
        runs.put(host, new Run(last.number() + 1, Instant.now(), true));
      }
    }
  }

  private Run last(UUID host) {
    int _ = number(host);
    synchronized (numbers) {
      return runs.computeIfAbsent(host, _ -> new Run(0, Instant.now(), true));
    }
  }
}

package io.keelson.host.sim;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.sim.SimulatedDomain.Run;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** The domains of all hosts. Of two who change one, the second sees what the first did. */
final class SimulatedDomains {
  static final long OVERHEAD_BYTES = 16L << 20;

  private record Place(UUID host, UUID vm) {}

  private final SimulatedHosts hosts;
  private final ConcurrentHashMap<Place, SimulatedDomain> domains = new ConcurrentHashMap<>();

  SimulatedDomains(SimulatedHosts hosts) {
    this.hosts = hosts;
  }

  /** All of a host. */
  List<SimulatedDomain> of(UUID host) {
    int _ = hosts.number(host);
    return domains.entrySet().stream()
        .filter(entry -> entry.getKey().host().equals(host))
        .map(entry -> entry.getValue())
        .toList();
  }

  Optional<SimulatedDomain> find(UUID host, UUID vm) {
    return Optional.ofNullable(domains.get(place(host, vm)));
  }

  /** The domain; raises NOT_FOUND. */
  SimulatedDomain get(UUID host, UUID vm) {
    return find(host, vm).orElseThrow(() -> notFound(vm));
  }

  /** Adds a domain; raises ALREADY_EXISTS. */
  void add(UUID host, SimulatedDomain domain) {
    if (domains.putIfAbsent(place(host, domain.spec().vm()), domain) != null) {
      throw new DriverException(Reason.ALREADY_EXISTS, "the domain exists already");
    }
  }

  /** Changes a domain in one step; raises NOT_FOUND. */
  SimulatedDomain change(UUID host, UUID vm, UnaryOperator<SimulatedDomain> change) {
    return Optional.ofNullable(
            domains.computeIfPresent(place(host, vm), (_, domain) -> change.apply(domain)))
        .orElseThrow(() -> notFound(vm));
  }

  /** Whether the domain was still as it was said to be, and is the other now. */
  boolean replace(UUID host, SimulatedDomain domain, SimulatedDomain other) {
    return domains.replace(place(host, domain.spec().vm()), domain, other);
  }

  /** Whether the domain was still as it was said to be, and is gone now. */
  boolean remove(UUID host, SimulatedDomain domain) {
    return domains.remove(place(host, domain.spec().vm()), domain);
  }

  /** Removes the domain; raises NOT_FOUND. */
  void remove(UUID host, UUID vm) {
    if (domains.remove(place(host, vm)) == null) {
      throw notFound(vm);
    }
  }

  /** Removes all of a host. */
  void clear(UUID host) {
    domains.keySet().removeIf(place -> place.host().equals(host));
  }

  /** The memory that the domains of a host take. */
  long memoryInUse(UUID host) {
    return of(host).stream()
        .mapToLong(domain -> domain.spec().memoryTargetBytes() + OVERHEAD_BYTES)
        .sum();
  }

  /** How many processors the domains of a host keep busy. */
  double processorsInUse(UUID host) {
    return of(host).stream()
        .filter(domain -> domain.run() == Run.RUNNING)
        .mapToDouble(domain -> domain.spec().processors() * SimulatedUsage.BUSY)
        .sum();
  }

  private Place place(UUID host, UUID vm) {
    int _ = hosts.number(host);
    return new Place(host, vm);
  }

  private static DriverException notFound(UUID vm) {
    return new DriverException(Reason.NOT_FOUND, "no domain runs virtual machine " + vm);
  }
}

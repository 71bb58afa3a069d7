package io.keelson.host.qemu;

import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The domains that there are, one run for each machine. Who makes a run, or takes one over that an
 * earlier server left, does so alone for its machine.
 */
final class LiveDomains {
  private final ConcurrentHashMap<UUID, LiveDomain> domains = new ConcurrentHashMap<>();
  private final Set<UUID> building = ConcurrentHashMap.newKeySet();

  /** The domain; raises NOT_FOUND. */
  LiveDomain get(UUID vm) {
    return find(vm)
        .orElseThrow(
            () -> new DriverException(Reason.NOT_FOUND, "no domain runs virtual machine " + vm));
  }

  Optional<LiveDomain> find(UUID vm) {
    return Optional.ofNullable(domains.get(vm));
  }

  Collection<LiveDomain> all() {
    return domains.values();
  }

  /** Adds a run, in place of the one that its machine may have had. */
  void put(LiveDomain domain) {
    domains.put(domain.vm(), domain);
  }

  /** Removes a run; false when it is not its machine's any more. */
  boolean remove(LiveDomain domain) {
    return domains.remove(domain.vm(), domain);
  }

  void clear() {
    domains.clear();
  }

  /** Makes a run of a machine that has none; raises ALREADY_EXISTS. */
  <T> T build(UUID vm, Supplier<T> work) {
    return alone(
        vm,
        Reason.ALREADY_EXISTS,
        () -> {
          if (domains.containsKey(vm)) {
            throw new DriverException(Reason.ALREADY_EXISTS, "the domain exists already");
          }
          return work.get();
        });
  }

  /** Makes the next run of a machine that has one; raises WRONG_STATE. */
  <T> T rebuild(UUID vm, Supplier<T> work) {
    return alone(vm, Reason.WRONG_STATE, work);
  }

  private <T> T alone(UUID vm, Reason otherwise, Supplier<T> work) {
    if (!building.add(vm)) {
      throw new DriverException(otherwise, "the domain is being built already");
    }
    try {
      return work.get();
    } finally {
      building.remove(vm);
    }
  }

  /** Looks after what is left of a machine, unless it has a run here or is about to. */
  void adopt(UUID vm, Runnable work) {
    if (building.add(vm)) {
      try {
        if (!domains.containsKey(vm)) {
          work.run();
        }
      } finally {
        building.remove(vm);
      }
    }
  }
}

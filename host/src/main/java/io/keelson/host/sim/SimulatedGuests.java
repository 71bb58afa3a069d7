package io.keelson.host.sim;

import io.keelson.host.DomainListener;
import io.keelson.host.DomainListener.Change;
import io.keelson.host.sim.SimulatedDomain.Run;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** What the guests of simulated machines do, by themselves or because somebody asked them to. */
final class SimulatedGuests {
  private final SimulatedDomains domains;

  /** Bytes of guests that keep the memory that they have. */
  private final ConcurrentHashMap<UUID, Long> kept = new ConcurrentHashMap<>();

  /** Whose agents were silent when they were asked last. */
  private final Set<UUID> silenced = ConcurrentHashMap.newKeySet();

  private volatile DomainListener listener = (host, vm, change) -> {};

  SimulatedGuests(SimulatedDomains domains) {
    this.domains = domains;
  }

  void listen(DomainListener hears) {
    listener = hears;
  }

  /** A guest does something at once, if it runs; a process dies whatever its guest does. */
  void now(UUID host, UUID vm, Change change) {
    switch (change) {
      case POWERED_OFF, DIED -> ended(host, vm, change);
      case REBOOTED, CRASHED -> held(host, vm, change);
    }
  }

  /** The same in a moment, as guests do what they are asked to. */
  void soon(UUID host, UUID vm, Change change) {
    Thread.ofVirtual().start(() -> now(host, vm, change));
  }

  private void ended(UUID host, UUID vm, Change change) {
    domains
        .find(host, vm)
        .filter(domain -> change == Change.DIED || domain.run() == Run.RUNNING)
        .filter(domain -> domains.remove(host, domain))
        .ifPresent(_ -> listener.changed(host, vm, change));
  }

  private void held(UUID host, UUID vm, Change change) {
    domains
        .find(host, vm)
        .filter(domain -> domain.run() == Run.RUNNING)
        .filter(domain -> domains.replace(host, domain, domain.with(Run.HELD)))
        .ifPresent(_ -> listener.changed(host, vm, change));
  }

  /** A guest keeps the memory that it has from now on, whatever its balloon is told. */
  void keepMemory(UUID host, UUID vm) {
    kept.put(vm, domains.get(host, vm).spec().memoryTargetBytes());
  }

  /** The bytes of memory that a guest has. */
  long memory(SimulatedDomain domain) {
    return kept.getOrDefault(domain.spec().vm(), domain.spec().memoryTargetBytes());
  }

  /** Whether an agent that answers every other time is silent this time. */
  boolean isSilent(UUID vm) {
    return !silenced.remove(vm) && silenced.add(vm);
  }
}

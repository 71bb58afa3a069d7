package io.keelson.host.sim;

import io.keelson.host.Consoles;
import io.keelson.host.DiskSpec;
import io.keelson.host.Domain;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.GuestAddressing;
import io.keelson.host.NicSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A run of a machine.
 *
 * @param spec the machine as it is now
 * @param domid of this run
 * @param run how it stands
 * @param startedNanos when the run began, by the system's steady clock
 * @param hasAgent whether its guest runs an agent
 * @param addresses that the guest was told in this run
 */
record SimulatedDomain(
    DomainSpec spec,
    long domid,
    Run run,
    long startedNanos,
    boolean hasAgent,
    Set<GuestAddressing> addresses) {
  SimulatedDomain {
    addresses = Set.copyOf(addresses);
  }

  /** How a run stands. */
  enum Run {
    RUNNING,
    PAUSED,
    /** After a reboot or a crash, until reset or destroyed. */
    HELD
  }

  Domain domain() {
    return new Domain(
        spec.vm(),
        domid,
        run == Run.RUNNING ? Domain.State.RUNNING : Domain.State.PAUSED,
        new Consoles(Optional.empty(), Optional.empty(), Optional.empty()));
  }

  /** The same domain, if it stands so; raises WRONG_STATE. */
  SimulatedDomain in(Run wanted) {
    if (run != wanted) {
      throw new DriverException(Reason.WRONG_STATE, "the domain is " + run + ", not " + wanted);
    }
    return this;
  }

  /** The same domain, if its devices can change; raises WRONG_STATE. */
  SimulatedDomain usable() {
    if (run == Run.HELD) {
      throw new DriverException(Reason.WRONG_STATE, "the domain is " + run);
    }
    return this;
  }

  /** The same domain, if its guest's agent answers; raises UNSUPPORTED, WRONG_STATE. */
  SimulatedDomain withAgent() {
    if (!hasAgent) {
      throw new DriverException(Reason.UNSUPPORTED, "the guest has no agent");
    }
    return in(Run.RUNNING);
  }

  /** The next run of the same machine. */
  SimulatedDomain again(long nextDomid) {
    return new SimulatedDomain(spec, nextDomid, Run.RUNNING, System.nanoTime(), hasAgent, Set.of());
  }

  /** The same run of the same machine, moved. */
  SimulatedDomain arrived(long nextDomid) {
    return new SimulatedDomain(spec, nextDomid, run, startedNanos, hasAgent, addresses);
  }

  SimulatedDomain with(Run now) {
    return new SimulatedDomain(spec, domid, now, startedNanos, hasAgent, addresses);
  }

  SimulatedDomain withAddress(GuestAddressing told) {
    Set<GuestAddressing> others = new HashSet<>(addresses);
    others.removeIf(a -> a.mac().equals(told.mac()) && a.family() == told.family());
    if (told.to().isPresent()) {
      others.add(told);
    }
    return new SimulatedDomain(spec, domid, run, startedNanos, hasAgent, others);
  }

  SimulatedDomain withoutAgent() {
    return new SimulatedDomain(spec, domid, run, startedNanos, false, addresses);
  }

  SimulatedDomain withDisks(List<DiskSpec> disks) {
    return with(spec.memoryTargetBytes(), spec.processors(), disks, spec.nics());
  }

  SimulatedDomain withNics(List<NicSpec> nics) {
    return with(spec.memoryTargetBytes(), spec.processors(), spec.disks(), nics);
  }

  SimulatedDomain withMemoryTarget(long bytes) {
    return with(bytes, spec.processors(), spec.disks(), spec.nics());
  }

  SimulatedDomain withProcessors(int count) {
    return with(spec.memoryTargetBytes(), count, spec.disks(), spec.nics());
  }

  private SimulatedDomain with(
      long memoryTarget, int processors, List<DiskSpec> disks, List<NicSpec> nics) {
    DomainSpec changed =
        new DomainSpec(
            spec.vm(),
            spec.name(),
            spec.memoryMaxBytes(),
            memoryTarget,
            processors,
            spec.processorsMax(),
            spec.boot(),
            disks,
            nics,
            spec.facts(),
            spec.platform(),
            spec.scheduling());
    return new SimulatedDomain(changed, domid, run, startedNanos, hasAgent, addresses);
  }
}

package io.keelson.host.sim;

import io.keelson.host.Consoles;
import io.keelson.host.Domain;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.GuestAddressing;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A run of a machine.
 *
 * @param spec the machine as it is now
 * @param domid of this run
 * @param run how it stands
 * @param startedNanos when the run began, by the system's steady clock
 * @param hasAgent whether its guest runs an agent
 * @param addresses that the guest was told in this run
 * @param settings that its agent has
 */
record SimulatedDomain(
    DomainSpec spec,
    long domid,
    Run run,
    long startedNanos,
    boolean hasAgent,
    Set<GuestAddressing> addresses,
    Map<String, String> settings) {
  SimulatedDomain {
    addresses = Set.copyOf(addresses);
    settings = Map.copyOf(settings);
  }

  /** How a run stands. */
  enum Run {
    RUNNING,
    PAUSED,
    /** After a reboot or a crash, until reset or destroyed. */
    HELD
  }

  /**
   * As the server knows it.
   *
   * @param serial the socket of its serial line
   */
  Domain domain(Optional<Path> serial) {
    return new Domain(
        spec.vm(),
        domid,
        run == Run.RUNNING ? Domain.State.RUNNING : Domain.State.PAUSED,
        new Consoles(serial, Optional.empty(), Optional.empty()));
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

  /** Whether the guest hears of buttons: one without ACPI is a guest that does not react. */
  boolean hears() {
    return !Set.of("0", "false").contains(spec.platform().getOrDefault("acpi", "1"));
  }

  /** The same domain, if its guest lets go of devices; raises REJECTED_BY_GUEST. */
  SimulatedDomain letsGo() {
    if (!hears()) {
      throw new DriverException(Reason.REJECTED_BY_GUEST, "the guest does not let go of it");
    }
    return this;
  }

  /** The next run of the same machine. */
  SimulatedDomain again(long nextDomid) {
    return new SimulatedDomain(
        spec,
        nextDomid,
        Run.RUNNING,
        System.nanoTime(),
        hasAgent,
        Set.of(),
        spec.facts().agentSettings());
  }

  /** The same run of the same machine, moved. */
  SimulatedDomain arrived(long nextDomid) {
    return new SimulatedDomain(spec, nextDomid, run, startedNanos, hasAgent, addresses, settings);
  }

  SimulatedDomain with(Run now) {
    return new SimulatedDomain(spec, domid, now, startedNanos, hasAgent, addresses, settings);
  }

  SimulatedDomain withAddress(GuestAddressing told) {
    Set<GuestAddressing> others = new HashSet<>(addresses);
    others.removeIf(a -> a.mac().equals(told.mac()) && a.family() == told.family());
    if (told.to().isPresent()) {
      others.add(told);
    }
    return new SimulatedDomain(spec, domid, run, startedNanos, hasAgent, others, settings);
  }

  SimulatedDomain withSettings(Map<String, String> told) {
    return new SimulatedDomain(spec, domid, run, startedNanos, hasAgent, addresses, told);
  }

  SimulatedDomain withoutAgent() {
    return new SimulatedDomain(spec, domid, run, startedNanos, false, addresses, settings);
  }

  /** The same run of a machine that changes meanwhile. */
  SimulatedDomain changed(UnaryOperator<DomainSpec> change) {
    return new SimulatedDomain(
        change.apply(spec), domid, run, startedNanos, hasAgent, addresses, settings);
  }
}

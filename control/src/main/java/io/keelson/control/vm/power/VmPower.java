package io.keelson.control.vm.power;

import io.keelson.api.BoundMessage;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmLifecycle;
import io.keelson.api.messages.VmMigration;
import io.keelson.api.messages.VmSignals;
import io.keelson.api.model.Vm;
import io.keelson.control.Resources;
import io.keelson.control.alert.Alerts;
import io.keelson.control.console.ConsoleLocations;
import io.keelson.control.storage.DiskMoves;
import io.keelson.control.vm.domain.DomainEvents;
import io.keelson.control.vm.domain.Watch;
import io.keelson.control.vm.memory.MemoryBalancer;
import io.keelson.control.wlb.WorkloadBalancing;
import io.keelson.store.Snapshot;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * The power of VMs: its messages, and what hears of the domains' own doings. One for a server.
 * Until {@link #recover} nothing is reacted to.
 */
public final class VmPower {
  private final Resources resources;
  private final PowerParts parts;
  private final CrashCopies copies;
  private final VmLifecycleHandler lifecycle;
  private final DomainReaction reaction;
  private final VmMigrationHandler migration;

  /**
   * @param cores of VMs that crash
   * @param copier makes a copy of a halted VM under a name
   */
  public VmPower(
      Resources resources,
      LifecycleSettings settings,
      ConsoleLocations locations,
      MemoryBalancer balancer,
      CrashCores cores,
      BiFunction<Ref<Vm>, String, Ref<Vm>> copier) {
    this.resources = resources;
    this.parts =
        new PowerParts(
            resources.store(),
            new Runs(resources.drivers(), settings, balancer),
            balancer,
            new PowerStates(resources.clock(), locations),
            new VmAlerts(new Alerts(resources.clock())),
            new SuspendImages(resources.drivers()),
            new DomainEvents(),
            new WorkloadBalancing(resources),
            new SecureRandom());
    this.lifecycle = new VmLifecycleHandler(parts, resources.operations());
    this.copies = new CrashCopies(parts, resources.operations(), copier, resources.clock());
    this.reaction =
        new DomainReaction(
            parts, resources.operations(), new RestartBudget(), cores, copies, resources.clock());
    this.migration =
        new VmMigrationHandler(parts, resources.operations(), new DiskMoves(resources));
  }

  /** The messages of the families VmLifecycle, VmMigration and VmSignals. */
  public List<BoundMessage> messages() {
    return Stream.of(
            VmLifecycle.bind(lifecycle),
            VmMigration.bind(migration),
            VmSignals.bind(new VmSignalsHandler(parts, resources.operations())))
        .flatMap(List::stream)
        .toList();
  }

  /** Moves running VMs. */
  public VmMigration migration() {
    return migration;
  }

  /** Starts and stops single VMs, for whoever does so with several. */
  public VmLifecycle lifecycle() {
    return lifecycle;
  }

  /** What a VM's record becomes when its power changes. */
  public PowerStates states() {
    return parts.states();
  }

  /** Ends the VM's run, if there is one, without asking the guest. The records are the caller's. */
  public void end(Ref<Vm> ref) {
    Snapshot now = parts.store().snapshot();
    Optional<Placed> placed = Placed.of(now, ref);
    if (placed.isPresent()) {
      try (Watch watch = parts.events().watch(placed.get().vmId())) {
        parts.runs().end(now, placed.get());
        watch.discard();
      }
      parts.balancer().balance(placed.get().host());
    }
  }

  /**
   * Listens to the compute driver, takes over the domains that run, settles what was under way when
   * the server last ended, and reacts from then on to what domains do.
   */
  public void recover() {
    new PowerRecovery(resources, parts, reaction).recover();
    copies.recover();
  }
}

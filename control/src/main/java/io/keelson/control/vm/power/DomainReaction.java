package io.keelson.control.vm.power;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmLifecycle;
import io.keelson.api.model.OnCrashBehaviour;
import io.keelson.api.model.OnNormalExit;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.operation.Operations;
import io.keelson.control.vm.domain.DomainEvent;
import io.keelson.control.vm.domain.DomainEvents;
import io.keelson.control.vm.domain.Watch;
import io.keelson.host.Domain;
import io.keelson.host.DriverException;
import io.keelson.host.Progress;
import io.keelson.store.Snapshot;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done when a domain ends, reboots or crashes by itself: what the VM's actions_after_*
 * fields say.
 */
final class DomainReaction implements DomainEvents.Reaction {
  private static final Logger LOG = LoggerFactory.getLogger(DomainReaction.class);

  private final PowerParts parts;
  private final Operations operations;
  private final RestartBudget budget;
  private final CrashCores cores;
  private final CrashCopies copies;
  private final Clock clock;

  DomainReaction(
      PowerParts parts,
      Operations operations,
      RestartBudget budget,
      CrashCores cores,
      CrashCopies copies,
      Clock clock) {
    this.parts = parts;
    this.operations = operations;
    this.budget = budget;
    this.cores = cores;
    this.copies = copies;
    this.clock = clock;
  }

  /** What becomes of the VM. */
  private enum Action {
    HALT,
    RESTART,
    /** It is halted and set aside, and a copy of it started in its place. */
    COPY,
    /** It stays as it is, standing still. */
    KEEP
  }

  @Override
  public void react(DomainEvent event, Watch watch) {
    Snapshot now = parts.store().snapshot();
    Optional<Placed> placed =
        now.table(ApiModel.VM)
            .byUuid(event.vm().toString())
            .flatMap(vm -> Placed.of(now, vm))
            .filter(p -> p.hostId().equals(event.host()));
    if (placed.isEmpty()) {
      LOG.info("{} concerns no VM that runs there", event);
      return;
    }
    if (isStale(event, placed.get())) {
      LOG.debug("{} is of an earlier run", event);
      return;
    }
    Vm vm = now.get(ApiModel.VM, placed.get().vm());
    if (!keepsCore(event, vm) || cores.keep(placed.get(), watch)) {
      act(event, placed.get(), action(event, vm), watch);
      parts.balancer().balance(placed.get().host());
    }
  }

  /** A process that died took the guest's memory with it. */
  private static boolean keepsCore(DomainEvent event, Vm vm) {
    boolean crashed =
        switch (event.change()) {
          case CRASHED -> true;
          case POWERED_OFF, REBOOTED, DIED -> false;
        };
    return crashed
        && switch (vm.actionsAfterCrash()) {
          case COREDUMP_AND_DESTROY, COREDUMP_AND_RESTART -> true;
          case DESTROY, RESTART, PRESERVE, RENAME_RESTART -> false;
        };
  }

  private void act(DomainEvent event, Placed placed, Action action, Watch watch) {
    boolean crashed =
        switch (event.change()) {
          case CRASHED, DIED -> true;
          case POWERED_OFF, REBOOTED -> false;
        };
    LOG.info("{}: {}", event, action);
    if (crashed) {
      parts
          .store()
          .change(tx -> {
            if (placed.isCurrent(tx)) {
              parts.alerts().crashed(tx, placed.vm());
            }
          });
    }
    switch (action) {
      case HALT -> halt(placed, !crashed);
      case RESTART -> restart(placed, crashed, watch);
      case COPY -> copy(placed, watch);
      case KEEP ->
          parts
              .store()
              .change(tx -> {
                if (placed.isCurrent(tx)) {
                  parts.states().turned(tx, placed.vm(), VmPowerState.PAUSED);
                }
              });
    }
  }

  /** A domain that ended is gone; one that rebooted or crashed is held. */
  private boolean isStale(DomainEvent event, Placed placed) {
    Optional<Domain> domain = parts.runs().find(placed);
    return switch (event.change()) {
      case POWERED_OFF, DIED -> domain.isPresent();
      case REBOOTED, CRASHED -> domain.filter(d -> d.state() == Domain.State.PAUSED).isEmpty();
    };
  }

  private static Action action(DomainEvent event, Vm vm) {
    return switch (event.change()) {
      case POWERED_OFF -> action(vm.actionsAfterShutdown());
      case REBOOTED -> action(vm.actionsAfterReboot());
      case CRASHED -> action(vm.actionsAfterCrash());
      case DIED -> {
        Action crash = action(vm.actionsAfterCrash());
        yield crash == Action.KEEP ? Action.HALT : crash;
      }
    };
  }

  private static Action action(OnNormalExit exit) {
    return switch (exit) {
      case DESTROY -> Action.HALT;
      case RESTART -> Action.RESTART;
    };
  }

  private static Action action(OnCrashBehaviour crash) {
    return switch (crash) {
      case DESTROY, COREDUMP_AND_DESTROY -> Action.HALT;
      case RESTART, COREDUMP_AND_RESTART -> Action.RESTART;
      case RENAME_RESTART -> Action.COPY;
      case PRESERVE -> Action.KEEP;
    };
  }

  private void halt(Placed placed, boolean byItself) {
    parts.runs().end(parts.store().snapshot(), placed);
    parts
        .store()
        .change(tx -> {
          if (placed.isCurrent(tx)) {
            parts.states().halted(tx, placed.vm());
            if (byItself) {
              parts.alerts().shutDown(tx, placed.vm());
            }
          }
        });
    budget.forget(placed.vmId());
  }

  private void restart(Placed placed, boolean crashed, Watch watch) {
    again(
        placed,
        crashed,
        watch,
        () ->
            operations.run(
                new OwnCall(VmLifecycle.Specs.HARD_REBOOT, Ref.fresh()),
                new RebootSteps(parts, placed.vm(), RebootSteps.Way.FOLLOW, watch)));
  }

  /** What crashed is out of the way before its copy runs. */
  private void copy(Placed placed, Watch watch) {
    again(
        placed,
        true,
        watch,
        () -> {
          if (!copies.begin(placed)) {
            return;
          }
          parts.runs().end(parts.store().snapshot(), placed);
          watch.discard();
          copies.setAside(placed);
          Ref<Vm> copy = copies.startCopy(placed.vm());
          UUID next = UUID.fromString(parts.store().snapshot().get(ApiModel.VM, copy).uuid());
          budget.inherit(placed.vmId(), next);
        });
  }

  /** Does it after the pause that its turn asks for; a VM that had too many turns is halted. */
  private void again(Placed placed, boolean crashed, Watch watch, Runnable next) {
    UUID vm = placed.vmId();
    Optional<Duration> pause = budget.next(vm, clock.instant(), crashed);
    if (pause.isEmpty()) {
      LOG.warn("{} crashes again and again; it is halted", vm);
      halt(placed, false);
      return;
    }
    try {
      if (!pause.get().isZero()) {
        watch.next(pause.get(), Progress.NONE);
      }
      next.run();
    } catch (DriverException stopped) {
      LOG.info("{} is not restarted: {}", vm, stopped.getMessage());
    } catch (ApiError refused) {
      LOG.warn("{} could not be restarted: {}", vm, refused.getMessage());
    }
  }
}

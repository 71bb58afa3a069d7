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
  private final Clock clock;

  DomainReaction(PowerParts parts, Operations operations, RestartBudget budget, Clock clock) {
    this.parts = parts;
    this.operations = operations;
    this.budget = budget;
    this.clock = clock;
  }

  /** What becomes of the VM. */
  private enum Action {
    HALT,
    RESTART,
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
    act(event, placed.get(), action(event, now.get(ApiModel.VM, placed.get().vm())), watch);
  }

  private void act(DomainEvent event, Placed placed, Action action, Watch watch) {
    boolean crashed =
        switch (event.change()) {
          case CRASHED, DIED -> true;
          case POWERED_OFF, REBOOTED -> false;
        };
    LOG.info("{}: {}", event, action);
    switch (action) {
      case HALT -> halt(placed);
      case RESTART -> restart(placed, crashed, watch);
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

  /** No core is written yet, and none is claimed: those variants do the rest of what they say. */
  private static Action action(OnCrashBehaviour crash) {
    return switch (crash) {
      case DESTROY, COREDUMP_AND_DESTROY -> Action.HALT;
      case RESTART, COREDUMP_AND_RESTART, RENAME_RESTART -> Action.RESTART;
      case PRESERVE -> Action.KEEP;
    };
  }

  private void halt(Placed placed) {
    parts.runs().end(parts.store().snapshot(), placed);
    parts
        .store()
        .change(tx -> {
          if (placed.isCurrent(tx)) {
            parts.states().halted(tx, placed.vm());
          }
        });
    budget.forget(placed.vmId());
  }

  private void restart(Placed placed, boolean crashed, Watch watch) {
    UUID vm = placed.vmId();
    Optional<Duration> pause = budget.next(vm, clock.instant(), crashed);
    if (pause.isEmpty()) {
      LOG.warn("{} crashes again and again; it is halted", vm);
      halt(placed);
      return;
    }
    try {
      if (!pause.get().isZero()) {
        watch.next(pause.get(), Progress.NONE);
      }
      operations.run(
          new OwnCall(VmLifecycle.Specs.HARD_REBOOT, Ref.fresh()),
          new RebootSteps(parts, placed.vm(), RebootSteps.Way.FOLLOW, watch));
    } catch (DriverException stopped) {
      LOG.info("{} is not restarted: {}", vm, stopped.getMessage());
    } catch (ApiError refused) {
      LOG.warn("{} could not be restarted: {}", vm, refused.getMessage());
    }
  }
}

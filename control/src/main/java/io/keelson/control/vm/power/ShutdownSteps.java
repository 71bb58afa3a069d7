package io.keelson.control.vm.power;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.vm.domain.Watch;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Halts a VM: by asking the guest, by cutting its power, or one after the other. Of a suspended VM
 * the memory image is dropped.
 */
record ShutdownSteps(PowerParts parts, Ref<Vm> ref, Way way, Watch watch)
    implements Steps<ShutdownSteps.Plan, ShutdownSteps.Plan> {
  private static final Logger LOG = LoggerFactory.getLogger(ShutdownSteps.class);

  /** How. */
  enum Way {
    ASK(VmOperations.CLEAN_SHUTDOWN),
    CUT(VmOperations.HARD_SHUTDOWN),
    ASK_THEN_CUT(VmOperations.SHUTDOWN);

    private final VmOperations operation;

    Way(VmOperations operation) {
      this.operation = operation;
    }
  }

  /**
   * How the VM stood when it was claimed.
   *
   * @param placed where it ran; empty when it was suspended
   */
  record Plan(VmPowerState state, Optional<Placed> placed) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VmRules.check(tx, ref, way.operation);
    claims.add(ApiModel.VM, ref, VmFields.CURRENT_OPERATIONS, way.operation);
    return new Plan(tx.get(ApiModel.VM, ref).powerState(), Placed.of(tx, ref));
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    switch (way) {
      case ASK -> ask(plan.placed().orElseThrow(), parts.runs().settings(), progress);
      case CUT -> cut();
      case ASK_THEN_CUT -> {
        if (plan.state() == VmPowerState.RUNNING) {
          askInVain(plan.placed().orElseThrow(), progress);
        }
        cut();
      }
    }
    return plan;
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan same) {
    parts.states().halted(tx, ref);
    PowerStates.wanted(tx, ref, false);
    SuspendImages.forget(tx, ref);
    switch (way) {
      case ASK, ASK_THEN_CUT -> parts.alerts().shutDown(tx, ref);
      case CUT -> parts.alerts().cut(tx, ref);
    }
  }

  private void ask(Placed placed, LifecycleSettings settings, Progress progress) {
    new GuestRequests(parts.runs().compute(), settings.cleanPatience())
        .powerOff(placed, watch, progress);
    parts.runs().release(parts.store().snapshot(), placed);
  }

  private void askInVain(Placed placed, Progress progress) {
    try {
      new GuestRequests(parts.runs().compute(), parts.runs().settings().shutdownPatience())
          .powerOff(placed, watch, progress);
    } catch (ApiError refused) {
      LOG.info("{} does not shut down by itself: {}", placed.vmId(), refused.getMessage());
    } catch (DriverException refused) {
      if (refused.reason() == Reason.CANCELLED) {
        throw refused;
      }
      LOG.info("{} does not shut down by itself", placed.vmId(), refused);
    }
  }

  /** Whoever works on the VM gives up first; how it stands then decides what is left to do. */
  private void cut() {
    if (!watch.takeOver(parts.runs().settings().handover())) {
      LOG.warn("{} is halted although work on it goes on", ref);
    }
    Snapshot now = parts.store().snapshot();
    Placed.of(now, ref)
        .ifPresent(placed -> {
          parts.runs().end(now, placed);
          watch.discard();
        });
    parts.images().discard(now, now.get(ApiModel.VM, ref).suspendVdi());
  }
}

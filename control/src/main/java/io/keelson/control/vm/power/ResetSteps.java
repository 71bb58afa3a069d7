package io.keelson.control.vm.power;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.vm.domain.Watch;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.host.DriverException;
import io.keelson.host.Progress;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a VM count as halted, whatever its records say. What is left of it is ended first, where it
 * can be reached: two domains of one VM would write to the same disks.
 */
record ResetSteps(PowerParts parts, Ref<Vm> ref, Watch watch) implements Steps<Boolean, Boolean> {
  private static final Logger LOG = LoggerFactory.getLogger(ResetSteps.class);

  /**
   * @throws io.keelson.api.ApiError CANNOT_RESET_CONTROL_DOMAIN
   */
  @Override
  public Boolean claim(Transaction tx, Claims claims) {
    if (tx.get(ApiModel.VM, ref).isControlDomain()) {
      throw ApiErrors.cannotResetControlDomain(ref.text());
    }
    VmRules.check(tx, ref, VmOperations.POWER_STATE_RESET);
    return true;
  }

  @Override
  public Boolean act(Boolean plan, Progress progress) {
    Snapshot now = parts.store().snapshot();
    Placed.of(now, ref).ifPresent(placed -> end(now, placed));
    parts.images().discard(now, now.get(ApiModel.VM, ref).suspendVdi());
    return true;
  }

  private void end(Snapshot now, Placed placed) {
    try {
      if (parts.runs().find(placed).isPresent()) {
        LOG.warn("{} is reset while its domain is there, which is ended", placed.vmId());
        if (!watch.takeOver(parts.runs().settings().handover())) {
          LOG.warn("{} is reset although work on it goes on", placed.vmId());
        }
      }
      parts.runs().end(now, placed);
      watch.discard();
    } catch (DriverException e) {
      LOG.warn("what is left of {} cannot be ended", placed.vmId(), e);
    }
  }

  @Override
  public void settle(Transaction tx, Boolean plan, Boolean done) {
    parts.states().reset(tx, ref);
    SuspendImages.forget(tx, ref);
  }
}

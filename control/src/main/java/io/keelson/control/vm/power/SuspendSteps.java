package io.keelson.control.vm.power;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.vm.domain.Watch;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;

/** Writes a running VM's memory to a disk and ends its run. */
record SuspendSteps(PowerParts parts, Ref<Vm> ref, Watch watch)
    implements Steps<SuspendSteps.Plan, SuspendSteps.Plan> {

  /** Where the VM runs and where its memory goes. */
  record Plan(Placed placed, SuspendImages.Image image) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VmRules.check(tx, ref, VmOperations.SUSPEND);
    Placed placed = Placed.require(tx, ref);
    Ref<Vdi> image = SuspendImages.plan(tx, ref, placed.host());
    claims.add(ApiModel.VM, ref, VmFields.CURRENT_OPERATIONS, VmOperations.SUSPEND);
    tx.update(ApiModel.VM, ref, v -> v.with(b -> b.suspendVdi(image)));
    return new Plan(placed, SuspendImages.Image.of(tx, image, placed.hostId()));
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    Placed placed = plan.placed();
    try {
      parts
          .runs()
          .compute()
          .suspend(
              placed.hostId(),
              placed.vmId(),
              parts.images().create(plan.image()),
              watch.progress(progress));
    } catch (RuntimeException failure) {
      parts.images().discard(parts.store().snapshot(), plan.image().ref());
      throw failure;
    }
    parts.runs().release(parts.store().snapshot(), placed);
    return plan;
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan same) {
    parts.states().suspended(tx, ref);
    PowerStates.wanted(tx, ref, false);
    parts.alerts().suspended(tx, ref);
  }

  @Override
  public void undo(Transaction tx, Plan plan, ApiError error) {
    SuspendImages.forget(tx, ref);
  }
}

package io.keelson.control.vm.power;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.pool.ha.HaGuard;
import io.keelson.control.vm.domain.Watch;
import io.keelson.control.vm.placement.ProcessorFit.Wish;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.nio.file.Path;

/**
 * Brings a suspended VM back from its memory image, which is gone once the VM runs.
 *
 * @param chosen where
 * @param wish what counts of the host's processor
 */
record ResumeSteps(
    PowerParts parts,
    Ref<Vm> ref,
    VmOperations operation,
    Choice chosen,
    Wish wish,
    boolean paused,
    Watch watch)
    implements Steps<ResumeSteps.Plan, Started> {

  /** The run, and where its memory is. */
  record Plan(RunPlan run, SuspendImages.Image image) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VmRules.check(tx, ref, operation);
    Vm vm = tx.get(ApiModel.VM, ref);
    if (tx.find(ApiModel.VDI, vm.suspendVdi()).isEmpty()) {
      throw ApiErrors.vdiMissing(Ref.none().text(), vm.suspendVdi().text());
    }
    Ref<Host> host = StartSteps.place(parts, tx, ref, chosen, wish);
    RunPlan run = parts.runs().suspended(tx, claims, ref, host, paused);
    claims.add(ApiModel.VM, ref, VmFields.CURRENT_OPERATIONS, operation);
    tx.update(ApiModel.VM, ref, v -> v.with(b -> b.scheduledToBeResidentOn(host)));
    HaGuard.keepPlan(tx, ref);
    return new Plan(run, SuspendImages.Image.of(tx, vm.suspendVdi(), run.hostId()));
  }

  @Override
  public Started act(Plan plan, Progress progress) {
    Path image = parts.images().file(plan.image());
    Started started = parts.runs().resume(plan.run(), image, watch.progress(progress));
    parts.images().discard(parts.store().snapshot(), plan.image().ref());
    return started;
  }

  @Override
  public void settle(Transaction tx, Plan plan, Started started) {
    parts.states().began(tx, started.run(), started.domain(), false);
    SuspendImages.forget(tx, ref);
    PowerStates.wanted(tx, ref, true);
    parts.alerts().resumed(tx, ref, plan.run().host());
  }

  @Override
  public void undo(Transaction tx, Plan plan, ApiError error) {
    tx.update(ApiModel.VM, ref, v -> v.with(b -> b.scheduledToBeResidentOn(Ref.none())));
  }
}

package io.keelson.control.vm.power;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.vm.domain.Watch;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a VM's run and begins the next on the same host, built anew so that settings which count
 * from the next start count now. When the next run cannot begin, the VM is halted.
 */
record RebootSteps(PowerParts parts, Ref<Vm> ref, Way way, Watch watch)
    implements Steps<RebootSteps.Plan, Started> {

  /** Why. */
  enum Way {
    /** The guest is asked to. */
    ASK,
    /** Its power is cut. */
    CUT,
    /** The guest has ended its run by itself, and is to run again. */
    FOLLOW
  }

  /**
   * The run that ends.
   *
   * @param ended whether it has
   */
  record Plan(Placed placed, Claims claims, AtomicBoolean ended) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VmOperations operation =
        switch (way) {
          case ASK -> VmOperations.CLEAN_REBOOT;
          case CUT, FOLLOW -> VmOperations.HARD_REBOOT;
        };
    switch (way) {
      case ASK, CUT -> VmRules.check(tx, ref, operation);
      case FOLLOW -> VmRules.checkUndisturbed(tx, ref, operation);
    }
    claims.add(ApiModel.VM, ref, VmFields.CURRENT_OPERATIONS, operation);
    return new Plan(Placed.require(tx, ref), claims, new AtomicBoolean());
  }

  @Override
  public Started act(Plan plan, Progress progress) {
    Placed placed = plan.placed();
    switch (way) {
      case ASK ->
          new GuestRequests(parts.runs().compute(), parts.runs().settings().cleanPatience())
              .reboot(placed, watch, progress);
      case CUT -> {
        watch.takeOver(parts.runs().settings().handover());
        placed =
            Placed.of(parts.store().snapshot(), ref)
                .orElseThrow(() -> ApiErrors.vmHalted(ref.text()));
      }
      case FOLLOW -> {}
    }
    parts.runs().end(parts.store().snapshot(), placed);
    watch.discard();
    plan.ended().set(true);
    Placed ended = placed;
    RunPlan run =
        parts
            .store()
            .transact(tx -> parts.runs().fresh(tx, plan.claims().in(tx), ref, ended.host(), false));
    return parts.runs().start(run, watch.progress(progress));
  }

  @Override
  public void settle(Transaction tx, Plan plan, Started next) {
    parts.states().began(tx, next.run(), next.domain(), true);
    parts.alerts().rebooted(tx, ref, way);
  }

  @Override
  public void undo(Transaction tx, Plan plan, ApiError error) {
    if (plan.ended().get()) {
      parts.states().halted(tx, ref);
    }
  }
}

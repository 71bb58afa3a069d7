package io.keelson.control.vm.power;

import io.keelson.api.ApiError;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.gpu.HeldDevices;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.pool.ha.HaGuard;
import io.keelson.control.vm.placement.HostChoice;
import io.keelson.control.vm.placement.HostFit;
import io.keelson.control.vm.placement.ProcessorFit.Wish;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.List;

/**
 * Starts a halted VM.
 *
 * @param chosen where
 */
record StartSteps(
    PowerParts parts, Ref<Vm> ref, VmOperations operation, Choice chosen, boolean paused)
    implements Steps<RunPlan, Started> {

  @Override
  public RunPlan claim(Transaction tx, Claims claims) {
    VmRules.check(tx, ref, operation);
    Ref<Host> host = place(parts, tx, ref, chosen, Wish.COMPATIBLE);
    RunPlan plan = parts.runs().fresh(tx, claims, ref, host, paused);
    claims.add(ApiModel.VM, ref, VmFields.CURRENT_OPERATIONS, operation);
    tx.update(ApiModel.VM, ref, v -> v.with(b -> b.scheduledToBeResidentOn(host)));
    HaGuard.keepPlan(tx, ref);
    return plan;
  }

  @Override
  public Started act(RunPlan plan, Progress progress) {
    return parts.runs().start(plan, progress);
  }

  @Override
  public void settle(Transaction tx, RunPlan plan, Started started) {
    parts.states().began(tx, started.run(), started.domain(), true);
    PowerStates.wanted(tx, ref, true);
    parts.alerts().started(tx, ref, plan.host());
  }

  @Override
  public void undo(Transaction tx, RunPlan plan, ApiError error) {
    HeldDevices.detached(tx, ref);
    tx.update(ApiModel.VM, ref, v -> v.with(b -> b.scheduledToBeResidentOn(Ref.none())));
  }

  /** The host for a run: the one asked for, if it can, or the pool's choice. */
  static Ref<Host> place(PowerParts parts, Transaction tx, Ref<Vm> ref, Choice choice, Wish wish) {
    return switch (choice) {
      case Choice.This(Ref<Host> host) -> {
        HostFit.check(tx, ref, host, wish);
        yield host;
      }
      case Choice.Any(List<Ref<Host>> recommended) ->
          recommended.stream()
              .filter(host -> HostFit.passes(tx, ref, host, wish))
              .findFirst()
              .orElseGet(() -> HostChoice.choose(tx, ref, wish, parts.random()));
    };
  }
}

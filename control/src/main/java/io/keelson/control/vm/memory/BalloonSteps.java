package io.keelson.control.vm.memory;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.Resources;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.pool.ha.HaGuard;
import io.keelson.control.rules.HostId;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Changes a running VM's dynamic range and sets its balloon to what the host can spare of it. */
record BalloonSteps(
    Resources resources,
    MemoryBalancer balancer,
    Ref<Vm> ref,
    VmOperations operation,
    UnaryOperator<MemoryLimits> change)
    implements Steps<BalloonSteps.Plan, Long> {

  /** The new range, and what the balloon is set to, bytes. */
  record Plan(Ref<Host> host, UUID hostId, UUID vm, long domid, MemoryLimits limits, long target) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VmRules.check(tx, ref, operation);
    Vm vm = tx.get(ApiModel.VM, ref);
    MemoryLimits limits = change.apply(MemoryLimits.of(vm)).require();
    HostMemory memory = HostMemory.of(tx, vm.residentOn(), ref);
    long overhead = MemoryCost.overheadBytes(vm);
    if (limits.dynamicMin() + overhead > memory.free()) {
      throw ApiErrors.hostNotEnoughFreeMemory(
          Long.toString(limits.dynamicMin() + overhead), Long.toString(memory.free()));
    }
    HaGuard.rehearse(
        tx,
        it -> it.update(ApiModel.VM, ref, limits::applyTo),
        it -> it.update(ApiModel.VM, ref, _ -> vm));
    claims.add(ApiModel.VM, ref, VmFields.CURRENT_OPERATIONS, operation);
    return new Plan(
        vm.residentOn(),
        HostId.of(tx, vm.residentOn()),
        UUID.fromString(vm.uuid()),
        vm.domid(),
        limits,
        balancer.share(tx, vm.residentOn(), ref, limits.dynamicMin(), limits.dynamicMax()));
  }

  /** Others give first what this VM is to get. */
  @Override
  public Long act(Plan plan, Progress progress) {
    long target =
        balancer.makeRoom(plan.host(), ref, plan.limits().dynamicMin(), plan.target(), progress);
    resources.drivers().compute().setMemoryTarget(plan.hostId(), plan.vm(), target);
    return target;
  }

  @Override
  public void settle(Transaction tx, Plan plan, Long target) {
    tx.update(ApiModel.VM, ref, plan.limits()::applyTo);
    if (tx.get(ApiModel.VM, ref).domid() == plan.domid()) {
      tx.update(ApiModel.VM, ref, v -> v.with(b -> b.memoryTarget(target)));
    }
  }
}

package io.keelson.control.vm.memory;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmFields;
import io.keelson.api.model.VmOperations;
import io.keelson.control.Resources;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.rules.HostId;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.Progress;
import io.keelson.host.Scheduling;
import io.keelson.store.Transaction;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Changes one parameter of how a running VM's processors are scheduled. */
record SchedulingSteps(Resources resources, Ref<Vm> ref, String key, String value)
    implements Steps<SchedulingSteps.Plan, SchedulingSteps.Plan> {

  /** How the domain is scheduled, and was before. */
  record Plan(UUID host, UUID vm, long domid, Scheduling before, Scheduling after) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VmRules.check(tx, ref, VmOperations.CHANGING_VCPUS_LIVE);
    Vm vm = tx.get(ApiModel.VM, ref);
    Scheduling after = ProcessorParams.strict(with(vm.vcpusParams()), key);
    claims.add(ApiModel.VM, ref, VmFields.CURRENT_OPERATIONS, VmOperations.CHANGING_VCPUS_LIVE);
    return new Plan(
        HostId.of(tx, vm.residentOn()),
        UUID.fromString(vm.uuid()),
        vm.domid(),
        ProcessorParams.lenient(vm.vcpusParams()),
        after);
  }

  private Map<String, String> with(Map<String, String> params) {
    Map<String, String> changed = new LinkedHashMap<>(params);
    changed.put(key, value);
    return Map.copyOf(changed);
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    try {
      if (!plan.after().equals(plan.before())) {
        resources.drivers().compute().schedule(plan.host(), plan.vm(), plan.after());
      }
      return plan;
    } catch (DriverException e) {
      if (e.reason() == Reason.INVALID) {
        throw ApiErrors.invalidValue("VCPUs_params:" + key, value);
      }
      throw e;
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan same) {
    tx.update(ApiModel.VM, ref, v -> v.with(b -> b.vcpusParams(with(v.vcpusParams()))));
    Vm vm = tx.get(ApiModel.VM, ref);
    if (vm.domid() == plan.domid() && tx.find(ApiModel.VM_METRICS, vm.metrics()).isPresent()) {
      tx.update(
          ApiModel.VM_METRICS, vm.metrics(), m -> m.with(b -> b.vcpusParams(vm.vcpusParams())));
    }
  }

  @Override
  public void revert(Plan plan, Plan same) {
    resources.drivers().compute().schedule(plan.host(), plan.vm(), plan.before());
  }
}

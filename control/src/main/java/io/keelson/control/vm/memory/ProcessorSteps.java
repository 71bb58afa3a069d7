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
import io.keelson.store.Transaction;
import java.util.UUID;

/** Brings more virtual processors of a running VM on line. */
record ProcessorSteps(Resources resources, Ref<Vm> ref, long count)
    implements Steps<ProcessorSteps.Plan, ProcessorSteps.Plan> {

  /** Which domain. */
  record Plan(UUID host, UUID vm, long domid) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    VmRules.check(tx, ref, VmOperations.CHANGING_VCPUS_LIVE);
    Vm vm = tx.get(ApiModel.VM, ref);
    if (count < 1) {
      throw ApiErrors.invalidValue("nvcpu", Long.toString(count));
    }
    if (count > vm.vcpusMax()) {
      throw ApiErrors.vmTooManyVcpus(ref.text());
    }
    claims.add(ApiModel.VM, ref, VmFields.CURRENT_OPERATIONS, VmOperations.CHANGING_VCPUS_LIVE);
    return new Plan(HostId.of(tx, vm.residentOn()), UUID.fromString(vm.uuid()), vm.domid());
  }

  /** Taking processors from a guest is what hypervisors here cannot do. */
  @Override
  public Plan act(Plan plan, Progress progress) {
    try {
      resources.drivers().compute().setProcessors(plan.host(), plan.vm(), Math.toIntExact(count));
      return plan;
    } catch (DriverException e) {
      if (e.reason() == Reason.UNSUPPORTED) {
        throw ApiErrors.vmLacksFeatureVcpuHotplug(ref.text());
      }
      throw e;
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan same) {
    Vm vm = tx.get(ApiModel.VM, ref);
    if (vm.domid() == plan.domid() && tx.find(ApiModel.VM_METRICS, vm.metrics()).isPresent()) {
      tx.update(ApiModel.VM_METRICS, vm.metrics(), m -> m.with(b -> b.vcpusNumber(count)));
    }
  }
}

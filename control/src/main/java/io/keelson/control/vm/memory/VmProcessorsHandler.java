package io.keelson.control.vm.memory;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmProcessors;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.control.Resources;
import io.keelson.control.rules.Recommendations;
import io.keelson.control.vm.rule.VmRules;

/** The virtual processors of VMs: how many, and how they are scheduled. */
public final class VmProcessorsHandler implements VmProcessors {
  private final Resources resources;

  public VmProcessorsHandler(Resources resources) {
    this.resources = resources;
  }

  @Override
  public void setVcpusMax(Call call, Ref<Vm> self, long value) {
    resources
        .store()
        .change(tx -> {
          VmRules.check(tx, self, VmOperations.CHANGING_VCPUS);
          Vm vm = tx.get(ApiModel.VM, self);
          if (value < 1 || value > VmRules.MOST_PROCESSORS || value < vm.vcpusAtStartup()) {
            throw ApiErrors.invalidValue("VCPUs_max", Long.toString(value));
          }
          Recommendations.of(vm).checkProcessors(value);
          Vm changed = vm.with(b -> b.vcpusMax(value));
          tx.update(
              ApiModel.VM,
              self,
              _ -> changed.with(b -> b.memoryOverhead(MemoryCost.overheadBytes(changed))));
        });
  }

  @Override
  public void setVcpusAtStartup(Call call, Ref<Vm> self, long value) {
    resources
        .store()
        .change(tx -> {
          VmRules.check(tx, self, VmOperations.CHANGING_VCPUS);
          if (value < 1 || value > tx.get(ApiModel.VM, self).vcpusMax()) {
            throw ApiErrors.invalidValue("VCPUs_at_startup", Long.toString(value));
          }
          tx.update(ApiModel.VM, self, v -> v.with(b -> b.vcpusAtStartup(value)));
        });
  }

  @Override
  public void setVcpusNumberLive(Call call, Ref<Vm> self, long nvcpu) {
    resources.operations().run(call, new ProcessorSteps(resources, self, nvcpu));
  }

  @Override
  public void addToVcpusParamsLive(Call call, Ref<Vm> self, String key, String value) {
    resources.operations().run(call, new SchedulingSteps(resources, self, key, value));
  }
}

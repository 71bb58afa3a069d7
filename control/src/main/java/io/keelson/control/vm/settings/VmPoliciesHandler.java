package io.keelson.control.vm.settings;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmPolicies;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmAppliance;
import io.keelson.api.model.Vmpp;
import io.keelson.store.Store;

/** What VMs are members of. */
public final class VmPoliciesHandler implements VmPolicies {
  private final Store store;

  public VmPoliciesHandler(Store store) {
    this.store = store;
  }

  @Override
  public void setAppliance(Call call, Ref<Vm> self, Ref<VmAppliance> value) {
    store.change(tx -> {
      Vm vm = tx.get(ApiModel.VM, self);
      if (vm.isControlDomain() || vm.isATemplate() || vm.isASnapshot()) {
        throw ApiErrors.operationNotAllowed("only VMs can be a part of an appliance");
      }
      tx.update(ApiModel.VM, self, v -> v.with(b -> b.appliance(value)));
    });
  }

  @Override
  public void setProtectionPolicy(Call call, Ref<Vm> self, Ref<Vmpp> value) {
    store.change(tx -> {
      Vm vm = tx.get(ApiModel.VM, self);
      if (vm.isControlDomain() || vm.isATemplate() || vm.isASnapshot()) {
        throw ApiErrors.operationNotAllowed("only VMs can be protected by a policy");
      }
      tx.update(ApiModel.VM, self, v -> v.with(b -> b.protectionPolicy(value)));
    });
  }
}

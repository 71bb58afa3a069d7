package io.keelson.control.appliance;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmApplianceConfiguration;
import io.keelson.api.model.VmAppliance;
import io.keelson.store.Store;
import java.util.UUID;

/** VM_appliance.create and VM_appliance.destroy. */
record VmApplianceConfigurationHandler(Store store) implements VmApplianceConfiguration {

  @Override
  public Ref<VmAppliance> create(Call call, VmAppliance args) {
    return store.transact(tx ->
        tx.create(
            ApiModel.VM_APPLIANCE,
            VmAppliance.builder()
                .uuid(UUID.randomUUID().toString())
                .nameLabel(args.nameLabel())
                .nameDescription(args.nameDescription())
                .build()));
  }

  /**
   * Its VMs stay, as nobody's.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID, OTHER_OPERATION_IN_PROGRESS
   */
  @Override
  public void destroy(Call call, Ref<VmAppliance> self) {
    store.change(tx -> {
      VmAppliance appliance = tx.get(ApiModel.VM_APPLIANCE, self);
      ApplianceRules.checkIdle(self, appliance);
      appliance
          .vms()
          .forEach(vm -> tx.update(ApiModel.VM, vm, v -> v.with(b -> b.appliance(Ref.none()))));
      tx.delete(ApiModel.VM_APPLIANCE, self);
    });
  }
}

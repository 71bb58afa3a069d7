package io.keelson.control.appliance;

import io.keelson.api.ApiModel;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmAppliance;
import io.keelson.api.model.VmApplianceOperation;
import io.keelson.store.Derivation;
import io.keelson.store.ObjectId;
import io.keelson.store.Overlay;
import io.keelson.store.Row;
import java.util.List;
import java.util.Set;

/** Keeps VM_appliance.allowed_operations right, as VMs come, go, start and stop. */
public final class ApplianceAllowedOperations implements Derivation {

  @Override
  public void derive(List<ObjectId<?>> changed, Overlay state) {
    boolean concerned =
        changed.stream()
            .anyMatch(id -> id.apiClass() == ApiModel.VM || id.apiClass() == ApiModel.VM_APPLIANCE);
    if (!concerned) {
      return;
    }
    for (Row<VmAppliance> row : state.rows(ApiModel.VM_APPLIANCE).toList()) {
      List<Vm> vms =
          row.record().vms().stream().flatMap(vm -> state.find(ApiModel.VM, vm).stream()).toList();
      Set<VmApplianceOperation> allowed = ApplianceRules.allowed(row.record(), vms);
      if (!allowed.equals(row.record().allowedOperations())) {
        state.set(ApiModel.VM_APPLIANCE, row.ref(), a -> a.with(b -> b.allowedOperations(allowed)));
      }
    }
  }
}

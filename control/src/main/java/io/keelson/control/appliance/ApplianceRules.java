package io.keelson.control.appliance;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmAppliance;
import io.keelson.api.model.VmApplianceOperation;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.rules.Refusals;
import io.keelson.store.Snapshot;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What may be done to an appliance, and what of that makes sense now. */
final class ApplianceRules {
  private ApplianceRules() {}

  /**
   * One operation at a time, and only on an appliance that has VMs.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID, OTHER_OPERATION_IN_PROGRESS,
   *     OPERATION_NOT_ALLOWED
   */
  static void check(Snapshot state, Ref<VmAppliance> ref) {
    VmAppliance appliance = state.get(ApiModel.VM_APPLIANCE, ref);
    checkIdle(ref, appliance);
    if (appliance.vms().isEmpty()) {
      throw ApiErrors.operationNotAllowed("the appliance has no VMs");
    }
  }

  /**
   * @throws io.keelson.api.ApiError OTHER_OPERATION_IN_PROGRESS
   */
  static void checkIdle(Ref<VmAppliance> ref, VmAppliance appliance) {
    Refusals.raise(
        Refusals.busy(
            ApiModel.VM_APPLIANCE.name(),
            ref,
            appliance.currentOperations(),
            VmApplianceOperation::text));
  }

  /** What would change the state of any of these VMs. */
  static Set<VmApplianceOperation> allowed(VmAppliance appliance, Iterable<Vm> vms) {
    EnumSet<VmApplianceOperation> allowed = EnumSet.noneOf(VmApplianceOperation.class);
    if (appliance.currentOperations().isEmpty()) {
      for (Vm vm : vms) {
        if (vm.powerState() == VmPowerState.HALTED) {
          allowed.add(VmApplianceOperation.START);
        } else {
          allowed.addAll(EnumSet.complementOf(EnumSet.of(VmApplianceOperation.START)));
        }
      }
    }
    return Collections.unmodifiableSet(allowed);
  }
}

package io.keelson.control.appliance;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmAppliancePower;
import io.keelson.api.messages.VmLifecycle;
import io.keelson.api.model.VmAppliance;
import io.keelson.control.Resources;

/**
 * Starting and stopping the VMs of an appliance. VMs that are in the wanted state already are left
 * alone.
 */
record VmAppliancePowerHandler(Resources resources, VmLifecycle vms) implements VmAppliancePower {

  @Override
  public void start(Call call, Ref<VmAppliance> self, boolean paused) {
    run(call, self, paused ? Way.START_PAUSED : Way.START);
  }

  @Override
  public void cleanShutdown(Call call, Ref<VmAppliance> self) {
    run(call, self, Way.CLEAN_SHUTDOWN);
  }

  @Override
  public void hardShutdown(Call call, Ref<VmAppliance> self) {
    run(call, self, Way.HARD_SHUTDOWN);
  }

  @Override
  public void shutdown(Call call, Ref<VmAppliance> self) {
    run(call, self, Way.SHUTDOWN);
  }

  /**
   * @throws io.keelson.api.ApiError HANDLE_INVALID, OTHER_OPERATION_IN_PROGRESS,
   *     OPERATION_NOT_ALLOWED, TASK_CANCELLED; OPERATION_PARTIALLY_FAILED with the message and the
   *     VMs that failed
   */
  private void run(Call call, Ref<VmAppliance> self, Way way) {
    PowerSteps.Plan _ =
        resources.operations().run(call, new PowerSteps(resources, vms, call, self, way));
  }
}

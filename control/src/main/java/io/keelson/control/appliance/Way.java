package io.keelson.control.appliance;

import io.keelson.api.Call;
import io.keelson.api.MessageSpec;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmAppliancePower;
import io.keelson.api.messages.VmLifecycle;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmApplianceOperation;
import io.keelson.api.model.VmPowerState;

/** What is done to the VMs of an appliance. */
enum Way {
  START(VmApplianceOperation.START),
  START_PAUSED(VmApplianceOperation.START),
  CLEAN_SHUTDOWN(VmApplianceOperation.CLEAN_SHUTDOWN),
  HARD_SHUTDOWN(VmApplianceOperation.HARD_SHUTDOWN),
  SHUTDOWN(VmApplianceOperation.SHUTDOWN);

  private final VmApplianceOperation operation;

  Way(VmApplianceOperation operation) {
    this.operation = operation;
  }

  VmApplianceOperation operation() {
    return operation;
  }

  /** Does it to one VM. */
  void run(VmLifecycle vms, Call call, Ref<Vm> vm) {
    switch (this) {
      case START -> vms.start(call, vm, false, false);
      case START_PAUSED -> vms.start(call, vm, true, false);
      case CLEAN_SHUTDOWN -> vms.cleanShutdown(call, vm);
      case HARD_SHUTDOWN -> vms.hardShutdown(call, vm);
      case SHUTDOWN -> vms.shutdown(call, vm);
    }
  }

  /** The message about the appliance. */
  MessageSpec whole() {
    return switch (this) {
      case START, START_PAUSED -> VmAppliancePower.Specs.START;
      case CLEAN_SHUTDOWN -> VmAppliancePower.Specs.CLEAN_SHUTDOWN;
      case HARD_SHUTDOWN -> VmAppliancePower.Specs.HARD_SHUTDOWN;
      case SHUTDOWN -> VmAppliancePower.Specs.SHUTDOWN;
    };
  }

  /** The message about each VM. */
  MessageSpec each() {
    return switch (this) {
      case START, START_PAUSED -> VmLifecycle.Specs.START;
      case CLEAN_SHUTDOWN -> VmLifecycle.Specs.CLEAN_SHUTDOWN;
      case HARD_SHUTDOWN -> VmLifecycle.Specs.HARD_SHUTDOWN;
      case SHUTDOWN -> VmLifecycle.Specs.SHUTDOWN;
    };
  }

  /** The state that VMs are to be in. */
  VmPowerState goal() {
    return switch (this) {
      case START -> VmPowerState.RUNNING;
      case START_PAUSED -> VmPowerState.PAUSED;
      case CLEAN_SHUTDOWN, HARD_SHUTDOWN, SHUTDOWN -> VmPowerState.HALTED;
    };
  }

  /** Whether those with a low order come first. */
  boolean ascending() {
    return operation == VmApplianceOperation.START;
  }

  /** Seconds to wait after the VM, before those of another order. */
  long delay(Vm vm) {
    return ascending() ? vm.startDelay() : vm.shutdownDelay();
  }
}

package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.store.Snapshot;
import java.util.Optional;
import java.util.UUID;

/** A VM's domain, as drivers name it. */
record RunningVm(UUID host, UUID vm) {

  /** The VM's domain, if it has one now. */
  static Optional<RunningVm> of(Snapshot state, Ref<Vm> ref) {
    Vm vm = state.get(ApiModel.VM, ref);
    boolean runs =
        vm.powerState() == VmPowerState.RUNNING || vm.powerState() == VmPowerState.PAUSED;
    return runs
        ? state
            .find(ApiModel.HOST, vm.residentOn())
            .map(h -> new RunningVm(UUID.fromString(h.uuid()), UUID.fromString(vm.uuid())))
        : Optional.empty();
  }
}

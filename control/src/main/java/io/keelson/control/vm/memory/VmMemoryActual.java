package io.keelson.control.vm.memory;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmMetrics;
import io.keelson.store.Derivation;
import io.keelson.store.ObjectId;
import io.keelson.store.Overlay;
import java.util.List;
import java.util.Optional;

/**
 * Gives VM_metrics.memory_actual its first value when a VM starts, and takes it away when it ends;
 * between the two, whoever measures sets it.
 */
public final class VmMemoryActual implements Derivation {

  @Override
  public void derive(List<ObjectId<?>> changed, Overlay state) {
    for (ObjectId<?> object : changed) {
      if (object.apiClass() == ApiModel.VM) {
        state
            .find(ApiModel.VM, new Ref<Vm>(object.ref().text()))
            .ifPresent(vm -> refresh(state, vm));
      }
    }
  }

  private static void refresh(Overlay state, Vm vm) {
    Optional<VmMetrics> metrics = state.find(ApiModel.VM_METRICS, vm.metrics());
    if (metrics.isEmpty() || vm.isControlDomain()) {
      return;
    }
    long known = metrics.get().memoryActual();
    long actual =
        switch (vm.powerState()) {
          case HALTED, SUSPENDED -> 0;
          case RUNNING, PAUSED -> known > 0 ? known : vm.memoryTarget();
        };
    if (actual != known) {
      state.set(ApiModel.VM_METRICS, vm.metrics(), m -> m.with(b -> b.memoryActual(actual)));
    }
  }
}

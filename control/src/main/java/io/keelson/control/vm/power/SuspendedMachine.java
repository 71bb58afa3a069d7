package io.keelson.control.vm.power;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmMetrics;
import io.keelson.api.model.VmPowerState;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What goes with a memory image: the machine that it is of, as far as that is more than its VM's
 * settings. It goes on only with the devices and processors that it had.
 *
 * @param memoryTarget bytes
 * @param processors on line
 * @param drives userdevices of the drives that were attached
 * @param cards devices of the network cards that were
 */
public record SuspendedMachine(
    long memoryTarget, long processors, Set<String> drives, Set<String> cards) {
  public SuspendedMachine {
    drives = Set.copyOf(drives);
    cards = Set.copyOf(cards);
  }

  /** The machine of a VM that runs or is suspended. */
  public static SuspendedMachine of(Snapshot state, Vm vm) {
    return new SuspendedMachine(
        vm.memoryTarget(),
        state.find(ApiModel.VM_METRICS, vm.metrics()).map(VmMetrics::vcpusNumber).orElse(0L),
        vm.vbds().stream()
            .map(ref -> state.get(ApiModel.VBD, ref))
            .filter(Vbd::currentlyAttached)
            .map(Vbd::userdevice)
            .collect(Collectors.toSet()),
        vm.vifs().stream()
            .map(ref -> state.get(ApiModel.VIF, ref))
            .filter(Vif::currentlyAttached)
            .map(Vif::device)
            .collect(Collectors.toSet()));
  }

  /** Makes a halted VM with devices like those a suspended one. */
  public void write(Transaction tx, Ref<Vm> ref, Ref<Vdi> image) {
    tx.update(
        ApiModel.VM,
        ref,
        v ->
            v.with(b ->
                b.powerState(VmPowerState.SUSPENDED).suspendVdi(image).memoryTarget(memoryTarget)));
    Vm vm = tx.get(ApiModel.VM, ref);
    for (Ref<Vbd> vbd : vm.vbds()) {
      if (drives.contains(tx.get(ApiModel.VBD, vbd).userdevice())) {
        tx.update(ApiModel.VBD, vbd, v -> v.with(b -> b.currentlyAttached(true)));
      }
    }
    for (Ref<Vif> vif : vm.vifs()) {
      if (cards.contains(tx.get(ApiModel.VIF, vif).device())) {
        tx.update(ApiModel.VIF, vif, v -> v.with(b -> b.currentlyAttached(true)));
      }
    }
    if (tx.find(ApiModel.VM_METRICS, vm.metrics()).isPresent()) {
      tx.update(ApiModel.VM_METRICS, vm.metrics(), m -> m.with(b -> b.vcpusNumber(processors)));
    }
  }
}

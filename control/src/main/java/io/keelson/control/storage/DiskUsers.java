package io.keelson.control.storage;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.VbdType;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.store.Snapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Who has some disks open: which running VMs, in which drives.
 *
 * @param drives of running VMs
 * @param idle whether nobody works on the disks, their drives or those VMs
 */
record DiskUsers(List<Drive> drives, boolean idle) {

  /** A drive of a running VM, and whether the VM can write by it. */
  record Drive(Ref<Vbd> vbd, Ref<Vm> vm, UUID host, UUID vmId, int device, boolean writes) {}

  static DiskUsers of(Snapshot state, Collection<Ref<Vdi>> disks) {
    List<Drive> drives = new ArrayList<>();
    boolean idle = true;
    for (Ref<Vdi> disk : disks) {
      Vdi vdi = state.get(ApiModel.VDI, disk);
      idle &= vdi.currentOperations().isEmpty();
      for (Ref<Vbd> ref : vdi.vbds()) {
        Vbd vbd = state.get(ApiModel.VBD, ref);
        Vm vm = state.get(ApiModel.VM, vbd.vm());
        idle &= vbd.currentOperations().isEmpty() && vm.currentOperations().isEmpty();
        drive(state, ref, vbd, vm).ifPresent(drives::add);
      }
    }
    return new DiskUsers(List.copyOf(drives), idle);
  }

  private static Optional<Drive> drive(Snapshot state, Ref<Vbd> ref, Vbd vbd, Vm vm) {
    if (!vbd.currentlyAttached() || !runs(vm)) {
      return Optional.empty();
    }
    boolean writes = vbd.mode() == VbdMode.RW && vbd.type() == VbdType.DISK;
    return state
        .find(ApiModel.HOST, vm.residentOn())
        .map(host ->
            new Drive(
                ref,
                vbd.vm(),
                UUID.fromString(host.uuid()),
                UUID.fromString(vm.uuid()),
                Integer.parseInt(vbd.userdevice()),
                writes));
  }

  static boolean runs(Vm vm) {
    return switch (vm.powerState()) {
      case RUNNING, PAUSED -> true;
      case HALTED, SUSPENDED -> false;
    };
  }
}

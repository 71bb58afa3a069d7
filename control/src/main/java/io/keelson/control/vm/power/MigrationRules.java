package io.keelson.control.vm.power;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.network.VmNics;
import io.keelson.control.rules.LiveHosts;
import io.keelson.control.storage.DiskMoves;
import io.keelson.control.vm.memory.HostMemory;
import io.keelson.control.vm.memory.MemoryCost;
import io.keelson.control.vm.placement.HostFit;
import io.keelson.control.vm.placement.ProcessorFit.Wish;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.store.Snapshot;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether a VM can go to a host; the checks come in the order their errors take precedence. */
final class MigrationRules {
  private MigrationRules() {}

  /**
   * For a VM whose disks stay where they are.
   *
   * @param wish what counts of the host's processor
   * @throws io.keelson.api.ApiError HOST_OFFLINE, HOST_DISABLED, VM_REQUIRES_SR,
   *     VM_REQUIRES_NETWORK, VM_INCOMPATIBLE_WITH_THIS_HOST, HOST_NOT_ENOUGH_FREE_MEMORY and what
   *     else keeps a VM from a host
   */
  static void check(Snapshot state, Ref<Vm> ref, Ref<Host> host, Wish wish) {
    checkLive(state, host);
    HostFit.checkButMemory(state, ref, host, wish);
    checkMemory(state, ref, host);
  }

  /**
   * For a VM some of whose disks and cards go elsewhere.
   *
   * @throws io.keelson.api.ApiError as the other, VM_BAD_POWER_STATE, VDI_NOT_IN_MAP,
   *     OPERATION_NOT_ALLOWED, and those of VDI.pool_migrate
   */
  static void check(Snapshot state, Ref<Vm> ref, Departure departure) {
    VmRules.check(state, ref, VmOperations.MIGRATE_SEND);
    Vm vm = state.get(ApiModel.VM, ref);
    if (vm.powerState() == VmPowerState.RUNNING && !departure.live()) {
      throw ApiErrors.vmBadPowerState(ref.text(), "halted, suspended", "running");
    }
    if (departure.copy()) {
      throw ApiErrors.operationNotAllowed(
          "within a pool VM.copy makes copies; migrate_send only moves");
    }
    Ref<Host> host = departure.host();
    checkLive(state, host);
    HostFit.checkMachine(state, ref, host, departure.wish());
    checkDisks(state, vm, departure);
    HostFit.checkImage(state, ref, vm, host);
    checkCards(state, ref, vm, departure);
    if (departure.takesDomain(vm)) {
      checkMemory(state, ref, host);
    }
  }

  private static void checkLive(Snapshot state, Ref<Host> ref) {
    if (!LiveHosts.isLive(state, state.get(ApiModel.HOST, ref))) {
      throw ApiErrors.hostOffline(ref.text());
    }
  }

  /** On the host where it is, a VM takes its memory twice for a while. */
  private static void checkMemory(Snapshot state, Ref<Vm> ref, Ref<Host> host) {
    Vm vm = state.get(ApiModel.VM, ref);
    if (!vm.residentOn().equals(host)) {
      HostFit.checkMemory(state, ref, host);
      return;
    }
    long needed = MemoryCost.footprint(vm, vm.memoryDynamicMin());
    long free = HostMemory.of(state, host, Ref.none()).free();
    if (needed > free) {
      throw ApiErrors.hostNotEnoughFreeMemory(Long.toString(needed), Long.toString(free));
    }
  }

  private static void checkDisks(Snapshot state, Vm vm, Departure departure) {
    Set<Ref<Vdi>> disks =
        vm.vbds().stream()
            .map(vbd -> state.get(ApiModel.VBD, vbd))
            .filter(vbd -> !vbd.empty() && !vbd.vdi().isNull())
            .map(Vbd::vdi)
            .collect(Collectors.toSet());
    departure
        .disks()
        .forEach((vdi, sr) -> {
          state.get(ApiModel.VDI, vdi);
          state.get(ApiModel.SR, sr);
          if (!disks.contains(vdi)) {
            throw ApiErrors.operationNotAllowed("vdi_map names a disk that the VM has not");
          }
          if (!HostFit.plugged(state, sr, departure.host())) {
            throw ApiErrors.vmRequiresSr(departure.vm().text(), sr.text());
          }
        });
    for (Ref<Vdi> vdi : disks) {
      Ref<?> sr = state.get(ApiModel.VDI, vdi).sr();
      boolean there = HostFit.plugged(state, state.get(ApiModel.VDI, vdi).sr(), departure.host());
      if (!departure.disks().containsKey(vdi) && !there) {
        throw ApiErrors.vdiNotInMap(vdi.text());
      }
      if (departure.disks().containsKey(vdi) && !departure.disks().get(vdi).equals(sr)) {
        DiskMoves.check(state, vdi, departure.disks().get(vdi));
      }
    }
  }

  private static void checkCards(Snapshot state, Ref<Vm> ref, Vm vm, Departure departure) {
    departure
        .cards()
        .forEach((vif, network) -> {
          Vif card = state.get(ApiModel.VIF, vif);
          state.get(ApiModel.NETWORK, network);
          if (!card.vm().equals(ref)) {
            throw ApiErrors.operationNotAllowed("vif_map names a card that the VM has not");
          }
        });
    if (vm.powerState() != VmPowerState.HALTED) {
      VmNics.checkMove(state, ref, departure.host(), departure.cards());
    }
  }
}

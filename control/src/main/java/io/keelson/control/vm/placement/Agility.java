package io.keelson.control.vm.placement;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Network;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vm;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.List;

/** Whether a VM can run on every host of the pool: nothing that it needs is on one alone. */
final class Agility {
  private Agility() {}

  /**
   * @throws io.keelson.api.ApiError VM_REQUIRES_SR, VM_REQUIRES_NETWORK, VM_HAS_PCI_ATTACHED,
   *     VM_HAS_VGPU
   */
  static void check(Snapshot state, Ref<Vm> ref) {
    Vm vm = state.get(ApiModel.VM, ref);
    List<Ref<Host>> hosts = state.rows(ApiModel.HOST).map(Row::ref).toList();
    for (Ref<Sr> sr : HostFit.repositories(state, vm)) {
      boolean everywhere = hosts.stream().allMatch(host -> HostFit.plugged(state, sr, host));
      if (!state.get(ApiModel.SR, sr).shared() || !everywhere) {
        throw ApiErrors.vmRequiresSr(ref.text(), sr.text());
      }
    }
    for (Ref<Network> network : HostFit.networks(state, vm)) {
      if (!hosts.stream().allMatch(host -> reaches(state, network, host))) {
        throw ApiErrors.vmRequiresNetwork(ref.text(), network.text());
      }
    }
    if (!vm.attachedPcis().isEmpty()) {
      throw ApiErrors.vmHasPciAttached(ref.text());
    }
    if (!vm.vgpus().isEmpty()) {
      throw ApiErrors.vmHasVgpu(ref.text());
    }
  }

  private static boolean reaches(Snapshot state, Ref<Network> network, Ref<Host> host) {
    return state.get(ApiModel.NETWORK, network).pifs().stream()
        .flatMap(pif -> state.find(ApiModel.PIF, pif).stream())
        .anyMatch(pif -> pif.host().equals(host) && pif.currentlyAttached());
  }
}

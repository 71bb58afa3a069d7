package io.keelson.control.vm.placement;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmPlacement;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.Set;

/** Where VMs can run. */
public final class VmPlacementHandler implements VmPlacement {
  private final Store store;

  public VmPlacementHandler(Store store) {
    this.store = store;
  }

  @Override
  public void assertCanBootHere(Call call, Ref<Vm> self, Ref<Host> host) {
    HostFit.check(store.snapshot(), self, host);
  }

  @Override
  public Set<Ref<Host>> getPossibleHosts(Call call, Ref<Vm> vm) {
    Snapshot state = store.snapshot();
    state.get(ApiModel.VM, vm);
    return HostChoice.possible(state, vm);
  }

  @Override
  public void assertAgile(Call call, Ref<Vm> self) {
    Agility.check(store.snapshot(), self);
  }
}

package io.keelson.control.vm.power;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.store.Snapshot;
import java.util.Optional;
import java.util.UUID;

/** A VM on the host that runs it, in the terms of the records and of the drivers. */
public record Placed(Ref<Vm> vm, UUID vmId, Ref<Host> host, UUID hostId, long domid) {

  /** Where the VM runs; empty when it does not. */
  public static Optional<Placed> of(Snapshot state, Ref<Vm> ref) {
    Vm vm = state.get(ApiModel.VM, ref);
    return state
        .find(ApiModel.HOST, vm.residentOn())
        .map(host -> at(ref, vm, vm.residentOn(), host));
  }

  /** Where the VM runs, when it must. */
  public static Placed require(Snapshot state, Ref<Vm> ref) {
    return of(state, ref)
        .orElseThrow(() -> new IllegalStateException(ref + " runs, but on no host"));
  }

  /** Whether the VM still is in that run. */
  boolean isCurrent(Snapshot state) {
    return state
        .find(ApiModel.VM, vm)
        .filter(v -> v.domid() == domid && v.residentOn().equals(host))
        .isPresent();
  }

  private static Placed at(Ref<Vm> ref, Vm vm, Ref<Host> hostRef, Host host) {
    return new Placed(
        ref, UUID.fromString(vm.uuid()), hostRef, UUID.fromString(host.uuid()), vm.domid());
  }
}

package io.keelson.control.database;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmApplianceRecovery;
import io.keelson.api.model.Session;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmAppliance;
import io.keelson.control.exchange.VmExchange;
import io.keelson.control.operation.PartCall;
import io.keelson.control.session.LiveSession;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Brings appliances of a database into this pool, with all of their VMs.
 *
 * @param from the database that the caller's session shows
 * @param store of this pool
 */
record VmApplianceRecoveryHandler(
    Supplier<Snapshot> from, Store store, VmExchange exchange, RecoveryTarget target)
    implements VmApplianceRecovery {

  /**
   * @throws io.keelson.api.ApiError HANDLE_INVALID, VM_REQUIRES_SR
   */
  @Override
  public void assertCanBeRecovered(Call call, Ref<VmAppliance> self, Ref<Session> sessionTo) {
    Snapshot foreign = from.get();
    VmAppliance appliance = foreign.get(ApiModel.VM_APPLIANCE, self);
    LiveSession _ = target.require(sessionTo);
    appliance.vms().forEach(vm -> RequiredSrs.check(foreign, vm, store.snapshot()));
  }

  @Override
  public Set<Ref<Sr>> getSrsRequiredForRecovery(
      Call call, Ref<VmAppliance> self, Ref<Session> sessionTo) {
    Snapshot foreign = from.get();
    VmAppliance appliance = foreign.get(ApiModel.VM_APPLIANCE, self);
    LiveSession _ = target.require(sessionTo);
    return appliance.vms().stream()
        .flatMap(vm -> RequiredSrs.of(foreign, foreign.get(ApiModel.VM, vm)).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * An appliance that is here already by its uuid takes the VMs up; else it is made anew.
   *
   * @throws io.keelson.api.ApiError HANDLE_INVALID, VM_REQUIRES_SR, RBAC_PERMISSION_DENIED, and why
   *     one of the VMs cannot be brought in; then none is
   */
  @Override
  public void recover(Call call, Ref<VmAppliance> self, Ref<Session> sessionTo, boolean force) {
    target.requireImport(sessionTo);
    assertCanBeRecovered(call, self, sessionTo);
    Snapshot foreign = from.get();
    VmAppliance appliance = foreign.get(ApiModel.VM_APPLIANCE, self);
    // The call itself has not ended when its VMs are here.
    Call members = new PartCall(call, call.message());
    Set<Ref<Vm>> vms =
        appliance.vms().isEmpty()
            ? Set.of()
            : exchange.recover(members, foreign, List.copyOf(appliance.vms()), force);
    store.change(tx -> {
      Ref<VmAppliance> here = found(tx, appliance);
      IntroducedSrs.keep(tx, vms);
      vms.forEach(vm -> tx.update(ApiModel.VM, vm, v -> v.with(b -> b.appliance(here))));
    });
  }

  private static Ref<VmAppliance> found(Transaction tx, VmAppliance lost) {
    return tx.table(ApiModel.VM_APPLIANCE)
        .byUuid(lost.uuid())
        .orElseGet(() ->
            tx.create(
                ApiModel.VM_APPLIANCE,
                VmAppliance.builder()
                    .uuid(lost.uuid())
                    .nameLabel(lost.nameLabel())
                    .nameDescription(lost.nameDescription())
                    .build()));
  }
}

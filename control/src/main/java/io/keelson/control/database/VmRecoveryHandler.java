package io.keelson.control.database;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmRecovery;
import io.keelson.api.model.Session;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vm;
import io.keelson.control.exchange.VmExchange;
import io.keelson.control.session.LiveSession;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Brings VMs of a database into this pool.
 *
 * @param from the database that the caller's session shows
 * @param store of this pool
 */
record VmRecoveryHandler(
    Supplier<Snapshot> from, Store store, VmExchange exchange, RecoveryTarget target)
    implements VmRecovery {

  /**
   * @throws ApiError HANDLE_INVALID, VM_IS_PART_OF_AN_APPLIANCE, VM_REQUIRES_SR
   */
  @Override
  public void assertCanBeRecovered(Call call, Ref<Vm> self, Ref<Session> sessionTo) {
    Snapshot foreign = from.get();
    Vm vm = foreign.get(ApiModel.VM, self);
    LiveSession _ = target.require(sessionTo);
    if (foreign.find(ApiModel.VM_APPLIANCE, vm.appliance()).isPresent()) {
      throw ApiErrors.vmIsPartOfAnAppliance(self.text(), vm.appliance().text());
    }
    RequiredSrs.check(foreign, self, store.snapshot());
  }

  @Override
  public Set<Ref<Sr>> getSrsRequiredForRecovery(Call call, Ref<Vm> self, Ref<Session> sessionTo) {
    Snapshot foreign = from.get();
    LiveSession _ = target.require(sessionTo);
    return RequiredSrs.of(foreign, foreign.get(ApiModel.VM, self));
  }

  @Override
  public void recover(Call call, Ref<Vm> self, Ref<Session> sessionTo, boolean force) {
    target.requireImport(sessionTo);
    assertCanBeRecovered(call, self, sessionTo);
    Set<Ref<Vm>> made = exchange.recover(call, from.get(), List.of(self), force);
    store.change(tx -> IntroducedSrs.keep(tx, made));
  }
}

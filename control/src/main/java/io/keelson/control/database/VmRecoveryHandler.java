package io.keelson.control.database;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmRecovery;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Session;
import io.keelson.api.model.Sr;
import io.keelson.api.model.VbdType;
import io.keelson.api.model.Vm;
import io.keelson.control.exchange.VmExchange;
import io.keelson.control.session.LiveSession;
import io.keelson.control.session.Permissions;
import io.keelson.control.session.Sessions;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Brings VMs of a database into this pool.
 *
 * @param from the database that the caller's session shows
 * @param store of this pool
 * @param permissions asked for once all messages are known
 */
record VmRecoveryHandler(
    Supplier<Snapshot> from,
    Store store,
    VmExchange exchange,
    Sessions sessions,
    Supplier<Permissions> permissions)
    implements VmRecovery {
  /** To bring VMs in is to import them. */
  private static final String IMPORT = "http/put_import_metadata";

  /**
   * @throws ApiError HANDLE_INVALID, VM_IS_PART_OF_AN_APPLIANCE, VM_REQUIRES_SR
   */
  @Override
  public void assertCanBeRecovered(Call call, Ref<Vm> self, Ref<Session> sessionTo) {
    Snapshot foreign = from.get();
    Vm vm = foreign.get(ApiModel.VM, self);
    LiveSession _ = target(sessionTo);
    if (foreign.find(ApiModel.VM_APPLIANCE, vm.appliance()).isPresent()) {
      throw ApiErrors.vmIsPartOfAnAppliance(self.text(), vm.appliance().text());
    }
    for (Ref<Sr> sr : required(foreign, vm)) {
      if (!isAttached(store.snapshot(), foreign.get(ApiModel.SR, sr).uuid())) {
        throw ApiErrors.vmRequiresSr(self.text(), sr.text());
      }
    }
  }

  @Override
  public Set<Ref<Sr>> getSrsRequiredForRecovery(Call call, Ref<Vm> self, Ref<Session> sessionTo) {
    Snapshot foreign = from.get();
    LiveSession _ = target(sessionTo);
    return required(foreign, foreign.get(ApiModel.VM, self));
  }

  @Override
  public void recover(Call call, Ref<Vm> self, Ref<Session> sessionTo, boolean force) {
    permissions.get().require(target(sessionTo), IMPORT);
    assertCanBeRecovered(call, self, sessionTo);
    exchange.recover(call, from.get(), self, force);
  }

  private LiveSession target(Ref<Session> ref) {
    return sessions
        .find(ref)
        .filter(session -> !session.local() && session.database().isEmpty())
        .orElseThrow(() -> ApiErrors.handleInvalid(ApiModel.SESSION.name(), ref.text()));
  }

  /** The repositories with the VM's disks, those of its snapshots not among them. */
  private static Set<Ref<Sr>> required(Snapshot state, Vm vm) {
    return vm.vbds().stream()
        .map(vbd -> state.get(ApiModel.VBD, vbd))
        .filter(vbd -> vbd.type() != VbdType.CD)
        .flatMap(vbd -> state.find(ApiModel.VDI, vbd.vdi()).stream())
        .map(vdi -> vdi.sr())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static boolean isAttached(Snapshot state, String uuid) {
    return state.table(ApiModel.SR).byUuid(uuid).stream()
        .flatMap(sr -> state.get(ApiModel.SR, sr).pbds().stream())
        .map(pbd -> state.get(ApiModel.PBD, pbd))
        .anyMatch(Pbd::currentlyAttached);
  }
}

package io.keelson.control.vm.tpm;

import static io.keelson.control.rules.Refusals.raise;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VtpmLifecycle;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.api.model.Vtpm;
import io.keelson.control.rules.Refusals;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/** VTPM.create and VTPM.destroy: only while the VM is halted. */
public record VtpmLifecycleHandler(Store store, TpmStates states) implements VtpmLifecycle {

  /** A TPM is manufactured when its VM first starts with it. */
  @Override
  public Ref<Vtpm> create(Call call, Vtpm args) {
    Snapshot before = store.snapshot();
    checkNew(before, args);
    states.require();
    return store.transact(tx -> {
      checkNew(tx, args);
      return VtpmRecords.create(tx, args, UUID.randomUUID());
    });
  }

  private static void checkNew(Snapshot state, Vtpm wanted) {
    Vm vm = state.get(ApiModel.VM, wanted.vm());
    if (!wanted.backend().isNull() && !state.get(ApiModel.VM, wanted.backend()).isControlDomain()) {
      throw ApiErrors.invalidValue("backend", wanted.backend().text());
    }
    if (!vm.vtpms().isEmpty()) {
      throw ApiErrors.vtpmMaxAmountReached(Integer.toString(vm.vtpms().size()));
    }
    checkHalted(wanted.vm(), vm);
  }

  private static void checkHalted(Ref<Vm> ref, Vm vm) {
    if (vm.isControlDomain()) {
      throw ApiErrors.operationNotAllowed("The control domain has no virtual TPM");
    }
    raise(Refusals.busy(ApiModel.VM.name(), ref, vm.currentOperations(), VmOperations::text));
    if (vm.powerState() != VmPowerState.HALTED) {
      throw ApiErrors.vmBadPowerState(
          ref.text(), "halted", vm.powerState().text().toLowerCase(Locale.ROOT));
    }
  }

  /** What the TPM remembered, keys included, is lost. */
  @Override
  public void destroy(Call call, Ref<Vtpm> self) {
    Set<UUID> gone =
        store.transact(tx -> {
          Vtpm vtpm = tx.get(ApiModel.VTPM, self);
          checkHalted(vtpm.vm(), tx.get(ApiModel.VM, vtpm.vm()));
          tx.delete(ApiModel.VTPM, self);
          return Set.of(UUID.fromString(vtpm.uuid()));
        });
    states.forget(gone);
  }
}

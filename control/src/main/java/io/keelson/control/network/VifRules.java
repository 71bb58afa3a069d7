package io.keelson.control.network;

import static io.keelson.api.model.VifOperations.PLUG;
import static io.keelson.api.model.VifOperations.UNPLUG;
import static io.keelson.control.rules.Refusals.raise;
import static io.keelson.control.rules.Refusals.when;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifOperations;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.rules.Refusals;
import io.keelson.store.Snapshot;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What may be done to a network card of a VM, and why not. */
final class VifRules {
  /** The operations that allowed_operations tells of. */
  static final List<VifOperations> OFFERED = List.of(PLUG, UNPLUG);

  private VifRules() {}

  /**
   * @throws ApiError why the operation may not begin now
   */
  static void check(Snapshot state, Ref<Vif> ref, VifOperations operation) {
    raise(refusal(state, ref, operation));
  }

  /** Why the operation may not begin now; empty when it may. */
  static Optional<ApiError> refusal(Snapshot state, Ref<Vif> ref, VifOperations operation) {
    Vif vif = state.get(ApiModel.VIF, ref);
    return busy(ref, vif)
        .or(() -> power(state, vif))
        .or(() ->
            switch (operation) {
              case PLUG, ATTACH ->
                  when(vif.currentlyAttached(), () -> ApiErrors.deviceAlreadyAttached(ref.text()));
              case UNPLUG ->
                  when(!vif.currentlyAttached(), () -> ApiErrors.deviceAlreadyDetached(ref.text()));
            });
  }

  /** That an operation on the card is under way. */
  static Optional<ApiError> busy(Ref<Vif> ref, Vif vif) {
    return Refusals.busy("VIF", ref, vif.currentOperations(), VifOperations::text);
  }

  private static Optional<ApiError> power(Snapshot state, Vif vif) {
    Vm vm = state.get(ApiModel.VM, vif.vm());
    return when(
        vm.powerState() != VmPowerState.RUNNING,
        () ->
            ApiErrors.vmBadPowerState(
                vif.vm().text(), "running", vm.powerState().text().toLowerCase(Locale.ROOT)));
  }
}

package io.keelson.control.storage;

import static io.keelson.api.model.VbdOperations.EJECT;
import static io.keelson.api.model.VbdOperations.INSERT;
import static io.keelson.api.model.VbdOperations.PLUG;
import static io.keelson.api.model.VbdOperations.UNPLUG;
import static io.keelson.api.model.VbdOperations.UNPLUG_FORCE;
import static io.keelson.control.rules.Refusals.inProgress;
import static io.keelson.control.rules.Refusals.raise;
import static io.keelson.control.rules.Refusals.when;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.VbdOperations;
import io.keelson.api.model.VbdType;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiOperations;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.rules.Refusals;
import io.keelson.store.Snapshot;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What may be done to a drive, and why not. The first rule that is broken is the one told. */
final class VbdRules {
  /** The operations that allowed_operations tells of. */
  static final List<VbdOperations> OFFERED = List.of(INSERT, EJECT, PLUG, UNPLUG, UNPLUG_FORCE);

  private VbdRules() {}

  /**
   * @throws ApiError why the operation may not begin now
   */
  static void check(Snapshot state, Ref<Vbd> ref, VbdOperations operation) {
    raise(refusal(state, ref, operation));
  }

  /** Why the operation may not begin now; empty when it may. */
  static Optional<ApiError> refusal(Snapshot state, Ref<Vbd> ref, VbdOperations operation) {
    Vbd vbd = state.get(ApiModel.VBD, ref);
    return busy(ref, vbd)
        .or(() -> kind(ref, vbd, operation))
        .or(() -> power(state, vbd, operation))
        .or(() -> attachment(ref, vbd, operation))
        .or(() ->
            operation == PLUG || operation == VbdOperations.ATTACH
                ? contentRefusal(state, ref, vbd)
                : Optional.empty());
  }

  /**
   * Checks that a VM may have what is in the drive from now on.
   *
   * @throws ApiError OTHER_OPERATION_IN_PROGRESS, VDI_MISSING, VDI_NOT_MANAGED, VDI_READONLY,
   *     VDI_IN_USE
   */
  static void checkContent(Snapshot state, Ref<Vbd> ref) {
    Vbd vbd = state.get(ApiModel.VBD, ref);
    raise(busy(ref, vbd).or(() -> contentRefusal(state, ref, vbd)));
  }

  /**
   * Checks that the drive may have the disk in it from now on.
   *
   * @throws ApiError as {@link #checkContent}
   */
  static void checkContent(Snapshot state, Ref<Vbd> ref, Ref<Vdi> vdi) {
    Vbd vbd = state.get(ApiModel.VBD, ref);
    raise(contentRefusal(state, ref, vbd.with(b -> b.vdi(vdi).empty(false))));
  }

  /**
   * @throws ApiError OTHER_OPERATION_IN_PROGRESS
   */
  static void checkIdle(Ref<Vbd> ref, Vbd vbd) {
    raise(busy(ref, vbd));
  }

  private static Optional<ApiError> busy(Ref<Vbd> ref, Vbd vbd) {
    return Refusals.busy("VBD", ref, vbd.currentOperations(), VbdOperations::text);
  }

  private static Optional<ApiError> kind(Ref<Vbd> ref, Vbd vbd, VbdOperations operation) {
    boolean fixed = vbd.type() == VbdType.DISK;
    return switch (operation) {
      case UNPLUG, UNPLUG_FORCE ->
          when(!vbd.unpluggable(), () -> ApiErrors.vbdNotUnpluggable(ref.text()));
      case INSERT ->
          when(fixed, () -> ApiErrors.vbdNotRemovableMedia(ref.text()))
              .or(() -> when(!vbd.empty(), () -> ApiErrors.vbdNotEmpty(ref.text())));
      case EJECT ->
          when(fixed, () -> ApiErrors.vbdNotRemovableMedia(ref.text()))
              .or(() -> when(vbd.empty(), () -> ApiErrors.vbdIsEmpty(ref.text())));
      case ATTACH, PLUG, PAUSE, UNPAUSE -> Optional.empty();
    };
  }

  private static Optional<ApiError> power(Snapshot state, Vbd vbd, VbdOperations operation) {
    Vm vm = state.get(ApiModel.VM, vbd.vm());
    return switch (operation) {
      case PLUG, UNPLUG, UNPLUG_FORCE, PAUSE, UNPAUSE ->
          switch (vm.powerState()) {
            case RUNNING -> Optional.empty();
            case HALTED, PAUSED, SUSPENDED -> Optional.of(badPower(vbd.vm(), "running", vm));
          };
      case INSERT, EJECT ->
          vm.powerState() == VmPowerState.SUSPENDED
              ? Optional.of(badPower(vbd.vm(), "halted, running, paused", vm))
              : Optional.empty();
      case ATTACH -> Optional.empty();
    };
  }

  private static Optional<ApiError> attachment(Ref<Vbd> ref, Vbd vbd, VbdOperations operation) {
    return switch (operation) {
      case PLUG, ATTACH ->
          when(vbd.currentlyAttached(), () -> ApiErrors.deviceAlreadyAttached(ref.text()));
      case UNPLUG, UNPLUG_FORCE, PAUSE, UNPAUSE ->
          when(!vbd.currentlyAttached(), () -> ApiErrors.deviceAlreadyDetached(ref.text()));
      case INSERT, EJECT -> Optional.empty();
    };
  }

  private static Optional<ApiError> contentRefusal(Snapshot state, Ref<Vbd> ref, Vbd vbd) {
    if (vbd.empty() || vbd.vdi().isNull()) {
      return Optional.empty();
    }
    Vdi vdi = state.get(ApiModel.VDI, vbd.vdi());
    String name = vbd.vdi().text();
    boolean writes = vbd.mode() == VbdMode.RW;
    return work(vbd.vdi(), vdi, writes)
        .or(() -> when(vdi.missing(), () -> ApiErrors.vdiMissing(vdi.sr().text(), name)))
        .or(() -> when(!vdi.managed(), () -> ApiErrors.vdiNotManaged(name)))
        .or(() -> when(writes && vdi.readOnly(), () -> ApiErrors.vdiReadonly(name)))
        .or(() -> when(taken(state, ref, vbd, vdi), () -> ApiErrors.vdiInUse(name, "attach")));
  }

  /** Work on the disk that its use would disturb; who only reads may share it with a copy. */
  private static Optional<ApiError> work(Ref<Vdi> ref, Vdi vdi, boolean writes) {
    return vdi.currentOperations().entrySet().stream()
        .filter(e -> writes || e.getValue() != VdiOperations.COPY)
        .findFirst()
        .map(e -> inProgress("VDI", ref, e.getValue().text(), e.getKey()));
  }

  /** Whether another drive uses the disk so that this one may not: one writer or many readers. */
  private static boolean taken(Snapshot state, Ref<Vbd> ref, Vbd vbd, Vdi vdi) {
    return !vdi.sharable()
        && vdi.vbds().stream()
            .filter(other -> !other.equals(ref))
            .flatMap(other -> state.find(ApiModel.VBD, other).stream())
            .filter(other -> inUse(state, other))
            .anyMatch(other -> vbd.mode() == VbdMode.RW || other.mode() == VbdMode.RW);
  }

  /** Whether the drive's VM uses it now or is about to; a suspended VM does not. */
  private static boolean inUse(Snapshot state, Vbd vbd) {
    boolean coming =
        vbd.currentOperations().values().stream()
            .anyMatch(o -> o == VbdOperations.ATTACH || o == PLUG || o == INSERT);
    return coming
        || (vbd.currentlyAttached()
            && state
                .find(ApiModel.VM, vbd.vm())
                .filter(vm -> vm.powerState() != VmPowerState.SUSPENDED)
                .isPresent());
  }

  static ApiError badPower(Ref<Vm> ref, String expected, Vm vm) {
    return ApiErrors.vmBadPowerState(
        ref.text(), expected, vm.powerState().text().toLowerCase(Locale.ROOT));
  }
}

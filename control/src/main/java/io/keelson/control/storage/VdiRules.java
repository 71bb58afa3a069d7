package io.keelson.control.storage;

import static io.keelson.api.model.VdiOperations.CLONE;
import static io.keelson.api.model.VdiOperations.COPY;
import static io.keelson.api.model.VdiOperations.DESTROY;
import static io.keelson.api.model.VdiOperations.FORGET;
import static io.keelson.api.model.VdiOperations.RESIZE;
import static io.keelson.api.model.VdiOperations.RESIZE_ONLINE;
import static io.keelson.api.model.VdiOperations.SNAPSHOT;
import static io.keelson.api.model.VdiOperations.UPDATE;
import static io.keelson.control.rules.Refusals.inProgress;
import static io.keelson.control.rules.Refusals.raise;
import static io.keelson.control.rules.Refusals.when;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnBoot;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.VbdOperations;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiOperations;
import io.keelson.api.model.VmPowerState;
import io.keelson.store.Snapshot;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What may be done to a disk, and why not. The first rule that is broken is the one told. */
final class VdiRules {
  /** The operations that allowed_operations tells of. */
  static final Set<VdiOperations> OFFERED =
      EnumSet.of(CLONE, COPY, DESTROY, FORGET, RESIZE, RESIZE_ONLINE, SNAPSHOT, UPDATE);

  private static final Set<VdiOperations> LIVE = EnumSet.of(CLONE, SNAPSHOT, RESIZE_ONLINE, UPDATE);

  /** The type of repositories whose disks are the host's devices. */
  private static final String DEVICES = "udev";

  private VdiRules() {}

  /**
   * @throws ApiError why the operation may not begin now
   */
  static void check(Snapshot state, Ref<Vdi> ref, VdiOperations operation) {
    raise(refusal(state, ref, operation));
  }

  /**
   * Checks that the disk may move to another repository, also while a VM uses it.
   *
   * @throws ApiError why not
   */
  static void checkMove(Snapshot state, Ref<Vdi> ref) {
    Vdi vdi = state.get(ApiModel.VDI, ref);
    List<Vbd> vbds =
        vdi.vbds().stream().flatMap(vbd -> state.find(ApiModel.VBD, vbd).stream()).toList();
    raise(
        work(ref, vdi, VdiOperations.BLOCKED)
            .or(() -> coming(ref, vbds, VdiOperations.BLOCKED))
            .or(() -> OwnDisks.inUse(state, ref, vdi))
            .or(() -> missing(ref, vdi))
            .or(() -> resets(vdi))
            .or(() -> reach(state, vdi, VdiOperations.BLOCKED)));
  }

  /** Why the operation may not begin now; empty when it may. */
  static Optional<ApiError> refusal(Snapshot state, Ref<Vdi> ref, VdiOperations operation) {
    Vdi vdi = state.get(ApiModel.VDI, ref);
    List<Vbd> vbds =
        vdi.vbds().stream().flatMap(vbd -> state.find(ApiModel.VBD, vbd).stream()).toList();
    return work(ref, vdi, operation)
        .or(() -> attachment(state, ref, vbds, operation))
        .or(() -> coming(ref, vbds, operation))
        .or(() -> own(state, ref, vdi, operation))
        .or(() -> nature(ref, vdi, operation))
        .or(() -> device(state, ref, vdi, operation))
        .or(() -> SrRules.feature(state, vdi.sr(), feature(operation)))
        .or(() -> reach(state, vdi, operation));
  }

  /** Work under way excludes all other; only copies go together. */
  private static Optional<ApiError> work(Ref<Vdi> ref, Vdi vdi, VdiOperations operation) {
    return vdi.currentOperations().entrySet().stream()
        .filter(e -> e.getValue() != COPY || operation != COPY)
        .findFirst()
        .map(e -> inProgress("VDI", ref, e.getValue().text(), e.getKey()));
  }

  /** A suspended VM writes nothing, so that what its disks hold can be copied. */
  private static Optional<ApiError> attachment(
      Snapshot state, Ref<Vdi> ref, List<Vbd> vbds, VdiOperations operation) {
    boolean disturbed =
        vbds.stream()
            .filter(Vbd::currentlyAttached)
            .anyMatch(
                vbd -> operation != COPY || (vbd.mode() == VbdMode.RW && !isSuspended(state, vbd)));
    return when(
        disturbed && !LIVE.contains(operation),
        () -> ApiErrors.vdiInUse(ref.text(), operation.text()));
  }

  private static boolean isSuspended(Snapshot state, Vbd vbd) {
    return state
        .find(ApiModel.VM, vbd.vm())
        .filter(vm -> vm.powerState() == VmPowerState.SUSPENDED)
        .isPresent();
  }

  /** A drive that is being given the disk, or from which it is being taken. */
  private static Optional<ApiError> coming(Ref<Vdi> ref, List<Vbd> vbds, VdiOperations operation) {
    return vbds.stream()
        .filter(vbd -> operation != COPY || vbd.mode() == VbdMode.RW)
        .flatMap(vbd -> vbd.currentOperations().entrySet().stream())
        .filter(e -> e.getValue() != VbdOperations.PAUSE && e.getValue() != VbdOperations.UNPAUSE)
        .findFirst()
        .map(e -> inProgress("VDI", ref, e.getValue().text(), e.getKey()));
  }

  /** What the pool itself writes nobody takes away, and what it held for a moment is no use. */
  private static Optional<ApiError> own(
      Snapshot state, Ref<Vdi> ref, Vdi vdi, VdiOperations operation) {
    return switch (operation) {
      case UPDATE, SCAN, FORCE_UNLOCK, GENERATE_CONFIG, BLOCKED -> Optional.empty();
      case CLONE, COPY, DESTROY, FORGET, RESIZE, RESIZE_ONLINE, SNAPSHOT ->
          OwnDisks.inUse(state, ref, vdi);
    };
  }

  private static Optional<ApiError> nature(Ref<Vdi> ref, Vdi vdi, VdiOperations operation) {
    return switch (operation) {
      case SNAPSHOT ->
          missing(ref, vdi)
              .or(() -> when(vdi.sharable(), VdiRules::sharable))
              .or(() -> resets(vdi));
      case CLONE -> missing(ref, vdi).or(() -> resets(vdi));
      case RESIZE, RESIZE_ONLINE ->
          missing(ref, vdi).or(() -> when(vdi.readOnly(), () -> ApiErrors.vdiReadonly(ref.text())));
      case COPY -> missing(ref, vdi);
      case DESTROY, FORGET, UPDATE, SCAN, FORCE_UNLOCK, GENERATE_CONFIG, BLOCKED ->
          Optional.empty();
    };
  }

  private static Optional<ApiError> missing(Ref<Vdi> ref, Vdi vdi) {
    return when(vdi.missing(), () -> ApiErrors.vdiMissing(vdi.sr().text(), ref.text()));
  }

  /** A drive or disk of the host is there as long as it is plugged in. */
  private static Optional<ApiError> device(
      Snapshot state, Ref<Vdi> ref, Vdi vdi, VdiOperations operation) {
    return when(
        operation == DESTROY && state.get(ApiModel.SR, vdi.sr()).type().equals(DEVICES),
        () -> ApiErrors.vdiIsAPhysicalDevice(ref.text()));
  }

  private static ApiError sharable() {
    return ApiErrors.operationNotAllowed("a disk that VMs share cannot be snapshotted");
  }

  private static Optional<ApiError> resets(Vdi vdi) {
    return when(vdi.onBoot() == OnBoot.RESET, ApiErrors::vdiOnBootModeIncompatibleWithOperation);
  }

  /** The driver's feature that the operation needs. */
  private static Optional<String> feature(VdiOperations operation) {
    return switch (operation) {
      case CLONE -> Optional.of("VDI_CLONE");
      case SNAPSHOT -> Optional.of("VDI_SNAPSHOT");
      case RESIZE -> Optional.of("VDI_RESIZE");
      case RESIZE_ONLINE -> Optional.of("VDI_RESIZE_ONLINE");
      case DESTROY -> Optional.of("VDI_DELETE");
      case COPY, FORGET, UPDATE, SCAN, FORCE_UNLOCK, GENERATE_CONFIG, BLOCKED -> Optional.empty();
    };
  }

  private static Optional<ApiError> reach(Snapshot state, Vdi vdi, VdiOperations operation) {
    return switch (operation) {
      case FORGET -> Optional.empty();
      case CLONE,
          COPY,
          DESTROY,
          RESIZE,
          RESIZE_ONLINE,
          SNAPSHOT,
          UPDATE,
          SCAN,
          FORCE_UNLOCK,
          GENERATE_CONFIG,
          BLOCKED ->
          when(
              SrAccess.hosts(state, vdi.sr()).isEmpty(), () -> ApiErrors.srNoPbds(vdi.sr().text()));
    };
  }
}

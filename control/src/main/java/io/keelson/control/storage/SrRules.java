package io.keelson.control.storage;

import static io.keelson.api.model.StorageOperations.DESTROY;
import static io.keelson.api.model.StorageOperations.FORGET;
import static io.keelson.api.model.StorageOperations.PBD_CREATE;
import static io.keelson.api.model.StorageOperations.PBD_DESTROY;
import static io.keelson.api.model.StorageOperations.PLUG;
import static io.keelson.api.model.StorageOperations.SCAN;
import static io.keelson.api.model.StorageOperations.UNPLUG;
import static io.keelson.api.model.StorageOperations.UPDATE;
import static io.keelson.api.model.StorageOperations.VDI_CLONE;
import static io.keelson.api.model.StorageOperations.VDI_CREATE;
import static io.keelson.api.model.StorageOperations.VDI_DESTROY;
import static io.keelson.api.model.StorageOperations.VDI_INTRODUCE;
import static io.keelson.api.model.StorageOperations.VDI_RESIZE;
import static io.keelson.api.model.StorageOperations.VDI_SNAPSHOT;
import static io.keelson.control.rules.Refusals.inProgress;
import static io.keelson.control.rules.Refusals.raise;
import static io.keelson.control.rules.Refusals.when;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Sm;
import io.keelson.api.model.Sr;
import io.keelson.api.model.StorageOperations;
import io.keelson.api.model.Vdi;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What may be done to a repository, and why not. */
public final class SrRules {
  /** The operations that allowed_operations tells of: all. */
  static final Set<StorageOperations> OFFERED = EnumSet.allOf(StorageOperations.class);

  /** Work on single disks, which does not disturb work on others. */
  private static final Set<StorageOperations> ON_DISKS =
      EnumSet.of(
          VDI_CREATE, VDI_INTRODUCE, VDI_DESTROY, VDI_RESIZE, VDI_CLONE, VDI_SNAPSHOT, UPDATE);

  private SrRules() {}

  /**
   * @throws ApiError why the operation may not begin now
   */
  static void check(Snapshot state, Ref<Sr> ref, StorageOperations operation) {
    raise(refusal(state, ref, operation));
  }

  /** Why the operation may not begin now; empty when it may. */
  static Optional<ApiError> refusal(Snapshot state, Ref<Sr> ref, StorageOperations operation) {
    Sr sr = state.get(ApiModel.SR, ref);
    return work(ref, sr, operation)
        .or(() -> needed(operation).flatMap(name -> feature(state, ref, Optional.of(name))))
        .or(() -> connections(state, ref, sr, operation));
  }

  /** That the repository's driver lacks a feature, if one is needed. */
  static Optional<ApiError> feature(Snapshot state, Ref<Sr> ref, Optional<String> name) {
    return name.flatMap(needed -> feature(state, ref, needed));
  }

  private static Optional<ApiError> feature(Snapshot state, Ref<Sr> ref, String needed) {
    String type = state.get(ApiModel.SR, ref).type();
    Optional<Sm> driver =
        state.rows(ApiModel.SM).map(Row::record).filter(sm -> sm.type().equals(type)).findFirst();
    if (driver.isEmpty()) {
      return Optional.of(ApiErrors.srUnknownDriver(type));
    }
    return when(
        !driver.get().features().containsKey(needed),
        () -> ApiErrors.srOperationNotSupported(ref.text()));
  }

  /**
   * That every host reaches the repository, and that its driver has a feature.
   *
   * @throws ApiError HANDLE_INVALID, SR_NO_PBDS, SR_OPERATION_NOT_SUPPORTED
   */
  static void requireEverywhere(Snapshot state, Ref<Sr> ref, String feature) {
    List<Pbd> pbds =
        state.get(ApiModel.SR, ref).pbds().stream()
            .map(pbd -> state.get(ApiModel.PBD, pbd))
            .toList();
    boolean everywhere =
        state
            .rows(ApiModel.HOST)
            .allMatch(host -> pbds.stream().anyMatch(pbd -> pbd.host().equals(host.ref())));
    if (!everywhere || !pbds.stream().allMatch(Pbd::currentlyAttached)) {
      throw ApiErrors.srNoPbds(ref.text());
    }
    raise(feature(state, ref, feature));
  }

  /** {@link #requireEverywhere}, for a driver that makes disks. */
  static void requireNewDisksEverywhere(Snapshot state, Ref<Sr> ref) {
    requireEverywhere(state, ref, "VDI_CREATE");
  }

  private static Optional<ApiError> work(Ref<Sr> ref, Sr sr, StorageOperations operation) {
    return sr.currentOperations().entrySet().stream()
        .filter(e -> !together(e.getValue(), operation))
        .findFirst()
        .map(e -> inProgress("SR", ref, e.getValue().text(), e.getKey()));
  }

  private static boolean together(StorageOperations one, StorageOperations other) {
    return (ON_DISKS.contains(one) && ON_DISKS.contains(other)) || (one == PLUG && other == PLUG);
  }

  private static Optional<String> needed(StorageOperations operation) {
    return switch (operation) {
      case VDI_CREATE -> Optional.of("VDI_CREATE");
      case VDI_DESTROY -> Optional.of("VDI_DELETE");
      case VDI_RESIZE -> Optional.of("VDI_RESIZE");
      case VDI_CLONE -> Optional.of("VDI_CLONE");
      case VDI_SNAPSHOT -> Optional.of("VDI_SNAPSHOT");
      case SCAN, DESTROY, FORGET, PLUG, UNPLUG, UPDATE, VDI_INTRODUCE, PBD_CREATE, PBD_DESTROY ->
          Optional.empty();
    };
  }

  private static Optional<ApiError> connections(
      Snapshot state, Ref<Sr> ref, Sr sr, StorageOperations operation) {
    List<Pbd> pbds =
        sr.pbds().stream().flatMap(pbd -> state.find(ApiModel.PBD, pbd).stream()).toList();
    boolean plugged = pbds.stream().anyMatch(Pbd::currentlyAttached);
    return switch (operation) {
      case DESTROY ->
          when(plugged, () -> ApiErrors.srHasPbd(ref.text()))
              .or(() -> when(pbds.isEmpty(), () -> ApiErrors.srNoPbds(ref.text())))
              .or(() -> when(holdsDisks(state, sr), ApiErrors::srNotEmpty));
      case FORGET -> when(plugged, () -> ApiErrors.srHasPbd(ref.text()));
      case SCAN,
          UPDATE,
          VDI_CREATE,
          VDI_INTRODUCE,
          VDI_DESTROY,
          VDI_RESIZE,
          VDI_CLONE,
          VDI_SNAPSHOT ->
          when(!plugged, () -> ApiErrors.srNoPbds(ref.text()));
      case PLUG -> when(pbds.isEmpty(), () -> ApiErrors.srNoPbds(ref.text()));
      case UNPLUG -> when(!plugged, () -> ApiErrors.srNoPbds(ref.text()));
      case PBD_CREATE, PBD_DESTROY -> Optional.empty();
    };
  }

  private static boolean holdsDisks(Snapshot state, Sr sr) {
    return sr.vdis().stream()
        .flatMap(vdi -> state.find(ApiModel.VDI, vdi).stream())
        .anyMatch(Vdi::managed);
  }

  /**
   * The repository for disks of which nobody says where they go.
   *
   * @throws ApiError DEFAULT_SR_NOT_FOUND
   */
  public static Ref<Sr> usual(Snapshot state) {
    Ref<Sr> usual = OnlyPool.find(state).map(Pool::defaultSr).orElse(Ref.none());
    if (state.find(ApiModel.SR, usual).isEmpty()) {
      throw ApiErrors.defaultSrNotFound(usual.text());
    }
    return usual;
  }
}

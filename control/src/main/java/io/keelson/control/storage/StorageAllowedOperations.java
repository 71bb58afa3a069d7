package io.keelson.control.storage;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Field;
import io.keelson.api.Ref;
import io.keelson.api.model.Pbd;
import io.keelson.api.model.Sr;
import io.keelson.api.model.SrFields;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdFields;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiFields;
import io.keelson.api.model.Vm;
import io.keelson.store.Derivation;
import io.keelson.store.ObjectId;
import io.keelson.store.Overlay;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Keeps allowed_operations of repositories, disks and drives right: for what changed and for what
 * depends on it.
 */
public final class StorageAllowedOperations implements Derivation {

  @Override
  public void derive(List<ObjectId<?>> changed, Overlay state) {
    Affected affected = new Affected(state);
    changed.forEach(affected::add);
    affected.srs.forEach(sr ->
        set(
            state,
            ApiModel.SR,
            sr,
            SrFields.ALLOWED_OPERATIONS,
            allowed(SrRules.OFFERED, o -> SrRules.refusal(state, sr, o).isEmpty())));
    affected.vdis.forEach(vdi ->
        set(
            state,
            ApiModel.VDI,
            vdi,
            VdiFields.ALLOWED_OPERATIONS,
            allowed(VdiRules.OFFERED, o -> VdiRules.refusal(state, vdi, o).isEmpty())));
    affected.vbds.forEach(vbd ->
        set(
            state,
            ApiModel.VBD,
            vbd,
            VbdFields.ALLOWED_OPERATIONS,
            allowed(VbdRules.OFFERED, o -> VbdRules.refusal(state, vbd, o).isEmpty())));
  }

  private static <E> Set<E> allowed(Collection<E> offered, Predicate<E> allows) {
    return offered.stream().filter(allows).collect(Collectors.toUnmodifiableSet());
  }

  private static <R extends ApiRecord, E> void set(
      Overlay state, ApiClass<R> apiClass, Ref<R> ref, Field<R, Set<E>> field, Set<E> operations) {
    Optional<R> record = state.find(apiClass, ref);
    if (record.isPresent() && !field.of(record.get()).equals(operations)) {
      state.set(apiClass, ref, r -> field.with(r, operations));
    }
  }

  /** The objects whose allowed operations may be others after a change. */
  private static final class Affected {
    private final Overlay state;
    private final Set<Ref<Sr>> srs = new LinkedHashSet<>();
    private final Set<Ref<Vdi>> vdis = new LinkedHashSet<>();
    private final Set<Ref<Vbd>> vbds = new LinkedHashSet<>();

    Affected(Overlay state) {
      this.state = state;
    }

    void add(ObjectId<?> changed) {
      of(ApiModel.SR, changed).ifPresent(this::sr);
      of(ApiModel.PBD, changed).ifPresent(this::pbd);
      of(ApiModel.VDI, changed).ifPresent(this::vdi);
      of(ApiModel.VBD, changed).ifPresent(this::vbd);
      of(ApiModel.VM, changed).ifPresent(this::vm);
    }

    private void sr(Ref<Sr> ref) {
      if (state.find(ApiModel.SR, ref).isPresent()) {
        srs.add(ref);
      }
    }

    /** Whether a repository is attached matters to all of its disks. */
    private void pbd(Ref<Pbd> ref) {
      state
          .find(ApiModel.PBD, ref)
          .flatMap(pbd -> state.find(ApiModel.SR, pbd.sr()).map(sr -> new Attached(pbd.sr(), sr)))
          .ifPresent(attached -> {
            srs.add(attached.ref());
            vdis.addAll(attached.sr().vdis());
          });
    }

    private record Attached(Ref<Sr> ref, Sr sr) {}

    private void vdi(Ref<Vdi> ref) {
      state
          .find(ApiModel.VDI, ref)
          .ifPresent(vdi -> {
            vdis.add(ref);
            vbds.addAll(vdi.vbds());
          });
    }

    /** A drive in use keeps its disk from others. */
    private void vbd(Ref<Vbd> ref) {
      state
          .find(ApiModel.VBD, ref)
          .ifPresent(vbd -> {
            vbds.add(ref);
            vdi(vbd.vdi());
          });
    }

    private void vm(Ref<Vm> ref) {
      state.find(ApiModel.VM, ref).ifPresent(vm -> vm.vbds().forEach(this::vbd));
    }

    @SuppressWarnings("unchecked") // the class says what its references refer to
    private static <R extends ApiRecord> Optional<Ref<R>> of(
        ApiClass<R> apiClass, ObjectId<?> changed) {
      return changed.apiClass() == apiClass
          ? Optional.of((Ref<R>) changed.ref())
          : Optional.empty();
    }
  }
}

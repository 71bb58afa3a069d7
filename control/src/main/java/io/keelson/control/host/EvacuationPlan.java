package io.keelson.control.host;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmOperations;
import io.keelson.control.rules.Refusals;
import io.keelson.control.vm.memory.HostMemory;
import io.keelson.control.vm.memory.MemoryCost;
import io.keelson.control.vm.placement.HostFit;
import io.keelson.control.vm.rule.VmRules;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where each VM of a host goes when the host is evacuated, or why it cannot go: the biggest first,
 * each to the host that has most room left.
 */
final class EvacuationPlan {

  /** What becomes of a VM. */
  sealed interface Verdict {}

  /** It can move. */
  record Goes(Ref<Host> to) implements Verdict {}

  /** It cannot. */
  record Stays(ApiError why) implements Verdict {}

  private final Map<Ref<Vm>, Verdict> verdicts = new LinkedHashMap<>();
  private final Snapshot state;
  private final List<Ref<Host>> others;
  private final Map<Ref<Host>, Long> room = new HashMap<>();
  private final Map<Ref<Vm>, Ref<Host>> recommended;

  private EvacuationPlan(Snapshot state, Ref<Host> host, Map<Ref<Vm>, Ref<Host>> recommended) {
    this.state = state;
    this.recommended = recommended;
    this.others =
        state.rows(ApiModel.HOST).map(Row::ref).filter(other -> !other.equals(host)).toList();
    others.forEach(other -> room.put(other, HostMemory.of(state, other, Ref.none()).free()));
    residents(state, host).stream()
        .sorted(Comparator.comparingLong(EvacuationPlan::size).reversed())
        .forEach(vm -> verdicts.put(vm.ref(), verdict(vm)));
  }

  static EvacuationPlan of(Snapshot state, Ref<Host> host) {
    return of(state, host, Map.of());
  }

  /**
   * @param recommended where VMs had better go, if there is room for them
   */
  static EvacuationPlan of(Snapshot state, Ref<Host> host, Map<Ref<Vm>, Ref<Host>> recommended) {
    return new EvacuationPlan(state, host, recommended);
  }

  /** The VMs that have to leave, in the order in which they should. */
  static List<Row<Vm>> residents(Snapshot state, Ref<Host> host) {
    return state.get(ApiModel.HOST, host).residentVms().stream()
        .flatMap(vm -> state.table(ApiModel.VM).row(vm).stream())
        .filter(row -> !row.record().isControlDomain())
        .toList();
  }

  Map<Ref<Vm>, Verdict> verdicts() {
    return verdicts;
  }

  private Verdict verdict(Row<Vm> vm) {
    Optional<ApiError> unfit =
        Refusals.of(() -> VmRules.check(state, vm.ref(), VmOperations.POOL_MIGRATE));
    if (unfit.isPresent()) {
      return new Stays(unfit.get());
    }
    long needed = size(vm);
    Ref<Host> wanted = recommended.getOrDefault(vm.ref(), Ref.none());
    if (others.contains(wanted)
        && needed <= room(wanted)
        && Refusals.of(() -> HostFit.checkButMemory(state, vm.ref(), wanted)).isEmpty()) {
      return goes(wanted, needed);
    }
    Optional<ApiError> why = Optional.empty();
    Optional<Ref<Host>> best = Optional.empty();
    for (Ref<Host> other : others) {
      Optional<ApiError> refused =
          Refusals.of(() -> HostFit.checkButMemory(state, vm.ref(), other));
      if (refused.isPresent()) {
        why = why.or(() -> refused);
      } else if (best.isEmpty() || room(other) > room(best.get())) {
        best = Optional.of(other);
      }
    }
    if (best.isEmpty()) {
      return new Stays(why.orElseGet(() -> ApiErrors.noHostsAvailable(List.of(vm.ref().text()))));
    }
    long free = room(best.get());
    if (needed > free) {
      return new Stays(
          ApiErrors.hostNotEnoughFreeMemory(Long.toString(needed), Long.toString(free)));
    }
    return goes(best.get(), needed);
  }

  private Goes goes(Ref<Host> to, long needed) {
    room.merge(to, -needed, Long::sum);
    return new Goes(to);
  }

  private long room(Ref<Host> host) {
    return room.getOrDefault(host, 0L);
  }

  private static long size(Row<Vm> vm) {
    return MemoryCost.footprint(vm.record(), vm.record().memoryDynamicMin());
  }
}

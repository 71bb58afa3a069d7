package io.keelson.control.pool.ha;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where each of some VMs is restarted when some hosts have failed. */
final class FailoverPlan {
  private static final String HOST = "host";
  private static final String ERROR = "error_code";

  private final ProtectedVms state;
  private final List<Ref<Host>> left;
  private final Map<Ref<Host>, Long> room = new HashMap<>();

  private FailoverPlan(ProtectedVms state, Set<Ref<Host>> failed) {
    this.state = state;
    this.left = state.hosts().stream().filter(host -> !failed.contains(host)).toList();
    left.forEach(host -> room.put(host, state.room(host)));
  }

  /** For each VM the reference of its host, or the code of the reason why it has none. */
  static Map<Ref<Vm>, Map<String, String>> of(
      ProtectedVms state, Set<Ref<Host>> failed, Set<Ref<Vm>> vms) {
    FailoverPlan plan = new FailoverPlan(state, failed);
    return plan.all(vms).orElseGet(() -> plan.some(vms));
  }

  /** All of them, if every host can run each and they fit. */
  private Optional<Map<Ref<Vm>, Map<String, String>>> all(Set<Ref<Vm>> vms) {
    List<Ref<Vm>> things = new ArrayList<>(vms);
    if (things.stream()
        .anyMatch(vm -> left.stream().anyMatch(h -> state.refusal(vm, h).isPresent()))) {
      return Optional.empty();
    }
    return Packing.of(
            things.stream().map(state::size).toList(),
            left.stream().map(state::room).toList(),
            Packing.STEPS)
        .map(places -> {
          Map<Ref<Vm>, Map<String, String>> verdicts = new LinkedHashMap<>();
          for (int i = 0; i < things.size(); i++) {
            verdicts.put(things.get(i), goes(left.get(places.get(i))));
          }
          return verdicts;
        });
  }

  /** As many as find room when the biggest choose first. */
  private Map<Ref<Vm>, Map<String, String>> some(Set<Ref<Vm>> vms) {
    Map<Ref<Vm>, Map<String, String>> verdicts = new LinkedHashMap<>();
    vms.stream()
        .sorted(Comparator.<Ref<Vm>>comparingLong(state::size).reversed())
        .forEach(vm -> verdicts.put(vm, verdict(vm)));
    return verdicts;
  }

  private Map<String, String> verdict(Ref<Vm> vm) {
    Optional<ApiError> why = Optional.empty();
    Optional<Ref<Host>> best = Optional.empty();
    for (Ref<Host> host : left) {
      Optional<ApiError> refused = state.refusal(vm, host);
      if (refused.isPresent()) {
        why = why.or(() -> refused);
      } else if (best.isEmpty() || free(host) > free(best.get())) {
        best = Optional.of(host);
      }
    }
    if (best.isEmpty()) {
      return stays(why.orElseGet(() -> ApiErrors.noHostsAvailable(List.of(vm.text()))));
    }
    long needed = state.size(vm);
    long free = free(best.get());
    if (needed > free) {
      return stays(ApiErrors.hostNotEnoughFreeMemory(Long.toString(needed), Long.toString(free)));
    }
    room.put(best.get(), free - needed);
    return goes(best.get());
  }

  private long free(Ref<Host> host) {
    return room.getOrDefault(host, 0L);
  }

  private static Map<String, String> goes(Ref<Host> host) {
    return Map.of(HOST, host.text());
  }

  private static Map<String, String> stays(ApiError why) {
    return Map.of(ERROR, why.code().name());
  }
}

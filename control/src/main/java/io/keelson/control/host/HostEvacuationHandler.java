package io.keelson.control.host;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostEvacuation;
import io.keelson.api.messages.VmMigration;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.control.Resources;
import io.keelson.control.host.EvacuationPlan.Goes;
import io.keelson.control.host.EvacuationPlan.Stays;
import io.keelson.control.host.EvacuationPlan.Verdict;
import io.keelson.control.wlb.WorkloadBalancing;
import io.keelson.store.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** host.evacuate, and what it would do. */
record HostEvacuationHandler(
    Resources resources, VmMigration migration, WorkloadBalancing balancing)
    implements HostEvacuation {

  @Override
  public void evacuate(Call call, Ref<Host> host) {
    Map<Ref<Vm>, List<String>> advice = balancing.evacuation(call, host);
    resources
        .operations()
        .run(call, new EvacuationSteps(resources.store(), migration, call, host, advice));
  }

  /**
   * @throws ApiError CANNOT_EVACUATE_HOST with the errors of all VMs that stay: codes and
   *     parameters joined by commas, errors by bars
   */
  @Override
  public void assertCanEvacuate(Call call, Ref<Host> host) {
    String errors =
        getVmsWhichPreventEvacuation(call, host).values().stream()
            .map(error -> String.join(",", error))
            .collect(Collectors.joining("|"));
    if (!errors.isEmpty()) {
      throw ApiErrors.cannotEvacuateHost(errors);
    }
  }

  @Override
  public Map<Ref<Vm>, List<String>> getVmsWhichPreventEvacuation(Call call, Ref<Host> self) {
    Map<Ref<Vm>, List<String>> found = new LinkedHashMap<>();
    EvacuationPlan.of(resources.store().snapshot(), self)
        .verdicts()
        .forEach((vm, verdict) -> {
          if (verdict instanceof Stays(ApiError why)) {
            found.put(vm, why.description());
          }
        });
    return found;
  }

  /**
   * What workload balancing says, and what it has nothing to say about, or without it everything,
   * our own: such a recommendation has the number 0. For a VM that has to stay, the reason.
   */
  @Override
  public Map<Ref<Vm>, List<String>> retrieveWlbEvacuateRecommendations(Call call, Ref<Host> self) {
    Map<Ref<Vm>, List<String>> advice = balancing.evacuation(call, self);
    Snapshot state = resources.store().snapshot();
    Map<Ref<Vm>, List<String>> found = new LinkedHashMap<>();
    EvacuationPlan.of(state, self, WorkloadBalancing.targets(state, advice))
        .verdicts()
        .forEach((vm, verdict) -> found.put(vm, recommendation(state, advice.get(vm), verdict)));
    advice.forEach(found::putIfAbsent);
    return found;
  }

  private static List<String> recommendation(
      Snapshot state, @Nullable List<String> advice, Verdict verdict) {
    return switch (verdict) {
      case Stays(ApiError why) -> new ArrayList<>(why.description());
      case Goes(Ref<Host> to) -> {
        String uuid = state.get(ApiModel.HOST, to).uuid();
        yield advice != null && advice.get(1).equals(uuid) ? advice : List.of("WLB", uuid, "0");
      }
    };
  }
}

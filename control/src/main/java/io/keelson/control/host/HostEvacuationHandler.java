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
import io.keelson.store.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** host.evacuate, and what it would do. */
record HostEvacuationHandler(Resources resources, VmMigration migration) implements HostEvacuation {

  @Override
  public void evacuate(Call call, Ref<Host> host) {
    resources.operations().run(call, new EvacuationSteps(resources.store(), migration, call, host));
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

  /** Without a server for workload balancing the recommendations are our own. */
  @Override
  public Map<Ref<Vm>, List<String>> retrieveWlbEvacuateRecommendations(Call call, Ref<Host> self) {
    Snapshot state = resources.store().snapshot();
    Map<Ref<Vm>, List<String>> found = new LinkedHashMap<>();
    EvacuationPlan.of(state, self)
        .verdicts()
        .forEach((vm, verdict) -> found.put(vm, recommendation(state, verdict)));
    return found;
  }

  private static List<String> recommendation(Snapshot state, Verdict verdict) {
    return switch (verdict) {
      case Stays(ApiError why) -> new ArrayList<>(why.description());
      case Goes(Ref<Host> to) -> List.of("WLB", state.get(ApiModel.HOST, to).uuid(), "0");
    };
  }
}

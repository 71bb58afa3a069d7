package io.keelson.control.vm.placement;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmWorkloadBalancing;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vm;
import io.keelson.control.wlb.WorkloadBalancing;
import java.util.List;
import java.util.Map;

/** What a server for workload balancing says about VMs. */
public record VmWorkloadBalancingHandler(WorkloadBalancing balancing)
    implements VmWorkloadBalancing {

  /**
   * Each live host's stars, or a reason why it has none.
   *
   * @throws io.keelson.api.ApiError WLB_NOT_INITIALIZED, WLB_DISABLED; other WLB_* when the server
   *     does not answer as it should
   */
  @Override
  public Map<Ref<Host>, List<String>> retrieveWlbRecommendations(Call call, Ref<Vm> vm) {
    return balancing.ofVm(call, vm);
  }
}

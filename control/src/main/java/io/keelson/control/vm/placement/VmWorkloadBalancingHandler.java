package io.keelson.control.vm.placement;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VmWorkloadBalancing;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.api.model.Vm;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.List;
import java.util.Map;

/** What a server for workload balancing says about VMs. */
public record VmWorkloadBalancingHandler(Store store) implements VmWorkloadBalancing {

  /**
   * Nothing sets such a server up yet, so there is none to be asked.
   *
   * @throws io.keelson.api.ApiError WLB_NOT_INITIALIZED, WLB_DISABLED; NOT_IMPLEMENTED for a pool
   *     that was set up elsewhere
   */
  @Override
  public Map<Ref<Host>, List<String>> retrieveWlbRecommendations(Call call, Ref<Vm> vm) {
    Snapshot state = store.snapshot();
    state.get(ApiModel.VM, vm);
    Pool pool =
        state
            .rows(ApiModel.POOL)
            .map(Row::record)
            .findFirst()
            .orElseThrow(ApiErrors::wlbNotInitialized);
    if (pool.wlbUrl().isEmpty()) {
      throw ApiErrors.wlbNotInitialized();
    }
    if (!pool.wlbEnabled()) {
      throw ApiErrors.wlbDisabled();
    }
    throw ApiErrors.notImplemented(call.message().wireName());
  }
}

package io.keelson.control.wlb;

import io.keelson.api.ApiModel;
import io.keelson.api.BoundMessage;
import io.keelson.api.messages.PoolWorkloadBalancing;
import io.keelson.control.Resources;
import io.keelson.control.console.ConsoleLocations;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Snapshot;
import java.util.List;

/** The messages of the pool about workload balancing. */
public final class WlbMessages {
  private WlbMessages() {}

  /**
   * @param locations where this server is found
   */
  public static List<BoundMessage> all(Resources resources, ConsoleLocations locations) {
    return PoolWorkloadBalancing.bind(
        new PoolWorkloadBalancingHandler(
            resources.store(),
            new WorkloadBalancing(resources),
            () -> address(resources.store().snapshot(), locations)));
  }

  private static String address(Snapshot state, ConsoleLocations locations) {
    return locations.root(state.get(ApiModel.HOST, OnlyPool.row(state).record().master()));
  }
}

package io.keelson.control.pool.ha;

import io.keelson.api.BoundMessage;
import io.keelson.api.messages.PoolHa;
import io.keelson.api.messages.PoolHaPlans;
import io.keelson.control.Resources;
import io.keelson.control.alert.Alerts;
import io.keelson.control.database.RedoLog;
import io.keelson.control.storage.LeaseDisks;
import io.keelson.control.storage.RedoDisks;
import io.keelson.control.vm.power.VmPower;
import java.util.List;
import java.util.stream.Stream;

/** HA, put together; one for a server. */
public final class HighAvailability implements AutoCloseable {
  private final Resources resources;
  private final RedoLog log;
  private final LeaseDisks leases;
  private final Restarts restarts;
  private final Heartbeat heartbeat;
  private final HaWatch watch;

  /**
   * @param power of VMs
   * @param log that is HA's own while it is on
   */
  public HighAvailability(Resources resources, VmPower power, RedoLog log) {
    this.resources = resources;
    this.log = log;
    this.leases = new LeaseDisks(resources);
    this.restarts = new Restarts(resources, power.lifecycle());
    Alerts alerts = new Alerts(resources.clock());
    HostFailure failure = new HostFailure(resources.store(), power.states(), alerts);
    this.heartbeat = new Heartbeat(resources, leases, failure);
    PlanKeeping plans = new PlanKeeping(resources.store(), alerts);
    this.watch = new HaWatch(resources, heartbeat, restarts, plans);
  }

  /** The messages of the families PoolHa and PoolHaPlans. */
  public List<BoundMessage> messages() {
    return Stream.of(
            PoolHa.bind(new PoolHaHandler(resources, leases, new RedoDisks(resources), log, watch)),
            PoolHaPlans.bind(new PoolHaPlansHandler(resources.store(), restarts)))
        .flatMap(List::stream)
        .toList();
  }

  PoolHa handler() {
    return new PoolHaHandler(resources, leases, new RedoDisks(resources), log, watch);
  }

  Heartbeat heartbeat() {
    return heartbeat;
  }

  /** Takes up the watch, if HA is on. */
  public void start() {
    watch.start();
  }

  @Override
  public void close() {
    watch.close();
  }
}

package io.keelson.control.rules;

import io.keelson.api.ApiModel;
import io.keelson.api.model.Host;
import io.keelson.api.model.HostMetrics;
import io.keelson.host.DriverException;
import io.keelson.host.Machine;
import io.keelson.store.Snapshot;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether hosts are up. */
public final class LiveHosts {
  private static final Logger LOG = LoggerFactory.getLogger(LiveHosts.class);

  private LiveHosts() {}

  /** Whether the host is up, as far as its metrics say. */
  public static boolean isLive(Snapshot state, Host host) {
    return state.find(ApiModel.HOST_METRICS, host.metrics()).map(HostMetrics::live).orElse(false);
  }

  /** Whether the host answers when it is asked now. */
  public static boolean answers(Machine machine, UUID host) {
    try {
      return !machine.facts(host).bootId().isEmpty();
    } catch (DriverException silent) {
      LOG.debug("{} does not answer", host, silent);
      return false;
    }
  }
}

package io.keelson.control.vm.guest;

import io.keelson.api.model.Pool;
import io.keelson.control.rules.OnlyPool;
import io.keelson.host.Compute;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.GuestReport;
import io.keelson.host.GuestReport.Feature;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the agents of running guests at the pool's settings for agents. A guest finds those of its
 * start on its machine; what has changed since, its agent is told, again after each boot.
 */
public final class AgentConfig {
  private static final Logger LOG = LoggerFactory.getLogger(AgentConfig.class);

  private final Store store;
  private final Compute compute;
  private final Map<UUID, Told> told = new ConcurrentHashMap<>();

  /** What an agent has been told in a run. */
  private record Told(long domid, Map<String, String> settings) {}

  AgentConfig(Store store, Compute compute) {
    this.store = store;
    this.compute = compute;
  }

  /** What the pool wants agents to know. */
  public static Map<String, String> of(Snapshot state) {
    return OnlyPool.find(state).map(Pool::guestAgentConfig).orElse(Map.of());
  }

  /** Whether an agent that has answered before is to be told something new. */
  boolean due(UUID vm, long domid) {
    return told(vm, domid).filter(last -> !last.equals(of(store.snapshot()))).isPresent();
  }

  /** Tells the agent, which has just answered, what it may not know. */
  void keep(UUID host, UUID vm, long domid, GuestReport report) {
    Map<String, String> wanted = of(store.snapshot());
    if (wanted.equals(told(vm, domid).orElse(Map.of())) || tell(host, vm, report, wanted)) {
      told.put(vm, new Told(domid, wanted));
    }
  }

  /** Forgets the guests that do not run any more. */
  void retain(Set<UUID> running) {
    told.keySet().retainAll(running);
  }

  /** Whether there is nothing more to be done about it. */
  private boolean tell(UUID host, UUID vm, GuestReport report, Map<String, String> wanted) {
    try {
      if (report.features().contains(Feature.SETTINGS)) {
        compute.tellAgent(host, vm, wanted);
      }
      return true;
    } catch (DriverException e) {
      LOG.warn("the agent of {} does not take its settings: {}", vm, e.getMessage());
      return e.reason() == Reason.UNSUPPORTED || e.reason() == Reason.REJECTED_BY_GUEST;
    }
  }

  private Optional<Map<String, String>> told(UUID vm, long domid) {
    return Optional.ofNullable(told.get(vm)).filter(t -> t.domid() == domid).map(Told::settings);
  }
}

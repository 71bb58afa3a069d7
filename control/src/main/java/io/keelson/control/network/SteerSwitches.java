package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pool;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.rules.OnlyPool;
import io.keelson.host.DriverException;
import io.keelson.host.Network;
import io.keelson.host.Progress;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the bridges of all hosts take orders from a controller: all of them, or none.
 *
 * @param address of the controller; empty for none
 */
record SteerSwitches(Network driver, String address)
    implements Steps<SteerSwitches.Plan, SteerSwitches.Plan> {
  private static final Logger LOG = LoggerFactory.getLogger(SteerSwitches.class);

  /** What is to be done, and what it was before. */
  record Plan(Ref<Pool> pool, String before, List<UUID> hosts) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    List<UUID> hosts =
        tx.rows(ApiModel.HOST).map(row -> UUID.fromString(row.record().uuid())).toList();
    if (!hosts.stream().allMatch(host -> steerable(driver, host))) {
      throw ApiErrors.operationNotAllowed("host not configured for vswitch operation");
    }
    if (!address.isEmpty()) {
      String _ = Addresses.checked(address, "address");
    }
    Row<Pool> pool = OnlyPool.row(tx);
    String before = pool.record().vswitchController();
    return new Plan(pool.ref(), before, before.equals(address) ? List.of() : hosts);
  }

  /** Whether a host's switch takes orders. */
  static boolean steerable(Network driver, UUID host) {
    return driver.backend(host).equals("openvswitch");
  }

  /** Has a host's bridges, when the server starts, do what the pool says. */
  static void resume(Snapshot state, Network driver, UUID host) {
    if (steerable(driver, host)) {
      driver.steer(host, wanted(OnlyPool.row(state).record().vswitchController()));
    }
  }

  private static Optional<String> wanted(String address) {
    return address.isEmpty() ? Optional.empty() : Optional.of(address);
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    List<UUID> begun = new ArrayList<>();
    try {
      for (UUID host : plan.hosts()) {
        begun.add(host);
        driver.steer(host, wanted(address));
      }
    } catch (DriverException failure) {
      begun.forEach(host -> undo(host, plan.before()));
      throw failure;
    }
    return plan;
  }

  private void undo(UUID host, String before) {
    try {
      driver.steer(host, wanted(before));
    } catch (DriverException e) {
      LOG.warn("the bridges of {} do not go back to {}", host, before, e);
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {
    tx.update(ApiModel.POOL, plan.pool(), p -> p.with(b -> b.vswitchController(address)));
  }
}

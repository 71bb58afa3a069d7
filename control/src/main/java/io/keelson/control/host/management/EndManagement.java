package io.keelson.control.host.management;

import io.keelson.api.ApiErrors;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.control.host.Agent;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.rules.OnlyPool;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Ends the management of this server's host over the network: it answers calls of its own alone.
 */
record EndManagement(Agent agent) implements Steps<EndManagement.Plan, EndManagement.Plan> {

  /** What is to be done, and what was before. */
  record Plan(Ref<Host> host, Optional<InetAddress> before) {}

  /**
   * @throws io.keelson.api.ApiError HA_IS_ENABLED; OPERATION_NOT_ALLOWED where the server's own
   *     configuration has it answer the network
   */
  @Override
  public Plan claim(Transaction tx, Claims claims) {
    ManagementRecords.checkNoHa(tx);
    agent
        .openAddress()
        .ifPresent(address -> {
          throw ApiErrors.operationNotAllowed(
              "the server's configuration has it listen on " + address);
        });
    Ref<Host> host = OnlyPool.row(tx).record().master();
    return new Plan(host, ManagementRecords.chosen(tx, host));
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    Management.listen(agent, Optional.empty());
    return plan;
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {
    ManagementRecords.chooseNone(tx, plan.host());
  }

  @Override
  public void revert(Plan plan, Plan done) {
    Management.listen(agent, plan.before());
  }
}

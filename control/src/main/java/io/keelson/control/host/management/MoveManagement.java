package io.keelson.control.host.management;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.IpConfigurationMode;
import io.keelson.api.model.Ipv6ConfigurationMode;
import io.keelson.api.model.Pif;
import io.keelson.control.host.Agent;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.control.rules.OnlyPool;
import io.keelson.host.Progress;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Moves the management of a host to an interface, which is up: the server listens at its address
 * before the records say so, and at the former one no longer.
 */
record MoveManagement(Agent agent, Ref<Pif> pif)
    implements Steps<MoveManagement.Plan, MoveManagement.Plan> {

  /**
   * What is to be done.
   *
   * @param own whether this server is the host's
   * @param before what was listened at
   */
  record Plan(Ref<Host> host, boolean own, InetAddress address, Optional<InetAddress> before) {}

  /**
   * Whether the interface can have an address at all.
   *
   * @throws io.keelson.api.ApiError HA_IS_ENABLED, CANNOT_PLUG_BOND_SLAVE,
   *     PIF_HAS_NO_NETWORK_CONFIGURATION
   */
  static void check(Snapshot state, Ref<Pif> ref) {
    ManagementRecords.checkNoHa(state);
    Pif pif = state.get(ApiModel.PIF, ref);
    if (!pif.bondSlaveOf().isNull()) {
      throw ApiErrors.cannotPlugBondSlave(ref.text());
    }
    boolean none =
        switch (pif.primaryAddressType()) {
          case IPV4 -> pif.ipConfigurationMode() == IpConfigurationMode.NONE;
          case IPV6 ->
              pif.ipv6ConfigurationMode() == Ipv6ConfigurationMode.NONE && pif.ipv6().isEmpty();
        };
    if (none) {
      throw ApiErrors.pifHasNoNetworkConfiguration(ref.text());
    }
  }

  /**
   * @throws io.keelson.api.ApiError those of check, INTERFACE_HAS_NO_IP
   */
  @Override
  public Plan claim(Transaction tx, Claims claims) {
    check(tx, pif);
    Pif record = tx.get(ApiModel.PIF, pif);
    String bridge = tx.get(ApiModel.NETWORK, record.network()).bridge();
    InetAddress address =
        ManagementRecords.address(record).orElseThrow(() -> ApiErrors.interfaceHasNoIp(bridge));
    boolean own = record.host().equals(OnlyPool.master(tx));
    return new Plan(record.host(), own, address, ManagementRecords.chosen(tx, record.host()));
  }

  /**
   * @throws io.keelson.api.ApiError PIF_CONFIGURATION_ERROR when the address cannot be listened at
   */
  @Override
  public Plan act(Plan plan, Progress progress) {
    if (plan.own()) {
      try {
        agent.manageAt(Optional.of(plan.address()));
      } catch (IOException e) {
        throw ApiErrors.pifConfigurationError(pif.text(), String.valueOf(e.getMessage()));
      }
    }
    return plan;
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {
    ManagementRecords.choose(tx, plan.host(), pif);
  }

  @Override
  public void revert(Plan plan, Plan done) {
    if (plan.own()) {
      Management.listen(agent, plan.before());
    }
  }
}

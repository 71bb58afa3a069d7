package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pif;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.BridgeSpec;
import io.keelson.host.Network;
import io.keelson.host.Network.Addresses;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Changes how an interface gets its addresses, at once if it is up.
 *
 * @param change with the error if it cannot be
 */
record ConfigurePif(Network driver, Ref<Pif> pif, UnaryOperator<Pif> change)
    implements Steps<ConfigurePif.Plan, Optional<Addresses>> {

  /** What is to be done. */
  record Plan(Pif changed, String bridge, HostChange host) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    Pif record = tx.get(ApiModel.PIF, pif);
    PifRules.checkManaged(pif, record);
    if (!record.bondSlaveOf().isNull()) {
      throw ApiErrors.pifAlreadyBonded(pif.text());
    }
    Pif changed = PifAddresses.configured(change.apply(record), true);
    if (!driver.abilities(PlugPif.host(tx, record)).bridges()) {
      throw ApiErrors.pifConfigurationError(
          pif.text(), "this server may not change the machine's network");
    }
    PifRules.claim(tx, claims, Set.of(record.network()));
    List<BridgeSpec> before =
        record.currentlyAttached() ? List.of(Wiring.plugged(tx, record)) : List.of();
    List<BridgeSpec> after =
        record.currentlyAttached() ? List.of(Wiring.plugged(tx, changed)) : List.of();
    return new Plan(
        changed,
        tx.get(ApiModel.NETWORK, record.network()).bridge(),
        HostChange.of(PlugPif.host(tx, record), before, after, List.of()));
  }

  @Override
  public Optional<Addresses> act(Plan plan, Progress progress) {
    plan.host().run(driver);
    return plan.host().after().isEmpty()
        ? Optional.empty()
        : Optional.of(driver.addresses(plan.host().host(), plan.bridge()));
  }

  @Override
  public void settle(Transaction tx, Plan plan, Optional<Addresses> found) {
    Pif changed = plan.changed();
    Pif addressed = found.map(f -> PifAddresses.with(changed, f)).orElse(changed);
    tx.update(
        ApiModel.PIF,
        pif,
        p -> BondMove.heir(p, addressed).with(b -> b.management(p.management())));
  }
}

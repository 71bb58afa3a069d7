package io.keelson.control.network;

import static io.keelson.control.rules.Refusals.raise;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vif;
import io.keelson.api.model.VifFields;
import io.keelson.api.model.VifOperations;
import io.keelson.control.operation.Claims;
import io.keelson.control.operation.Steps;
import io.keelson.host.Network;
import io.keelson.host.Progress;
import io.keelson.store.Transaction;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Changes what a card may send: at once where it is plugged. */
record GuardVif(Network driver, Ref<Vif> vif, UnaryOperator<Vif> change)
    implements Steps<GuardVif.Plan, GuardVif.Plan> {

  /**
   * What is to be done.
   *
   * @param before the card as it is, where it is plugged
   * @param after the card as it is to be
   */
  record Plan(Optional<GuestPorts.Plugged> before, Optional<GuestPorts.Plugged> after) {}

  @Override
  public Plan claim(Transaction tx, Claims claims) {
    Vif record = tx.get(ApiModel.VIF, vif);
    Vif changed = change.apply(record);
    raise(VifRules.busy(vif, record));
    boolean plugged =
        record.currentlyAttached() && !tx.get(ApiModel.VM, record.vm()).residentOn().isNull();
    if (plugged) {
      PifRules.checkIdle(tx, record.network());
      claims.add(ApiModel.VIF, vif, VifFields.CURRENT_OPERATIONS, VifOperations.ATTACH);
    }
    return new Plan(
        plugged ? Optional.of(GuestPorts.plugged(tx, record, record.network())) : Optional.empty(),
        plugged
            ? Optional.of(GuestPorts.plugged(tx, changed, record.network()))
            : Optional.empty());
  }

  @Override
  public Plan act(Plan plan, Progress progress) {
    try {
      plan.after().ifPresent(port -> port.attach(driver));
      return plan;
    } catch (RuntimeException failure) {
      plan.before().ifPresent(port -> port.attach(driver));
      throw failure;
    }
  }

  @Override
  public void settle(Transaction tx, Plan plan, Plan done) {
    tx.update(ApiModel.VIF, vif, change);
  }
}

package io.keelson.control.network;

import static io.keelson.control.rules.Refusals.raise;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VifConfiguration;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.control.pool.ha.HaGuard;
import io.keelson.control.rules.Recommendations;
import io.keelson.store.Store;

/** VIF.create and destroy. */
record VifConfigurationHandler(Store store) implements VifConfiguration {

  /** What a VM has decides on which hosts HA could start it again. */
  @Override
  public Ref<Vif> create(Call call, Vif args) {
    return store.transact(tx -> {
      tx.get(ApiModel.NETWORK, args.network());
      Ref<Vif> made = HaGuard.keepPlan(tx, args.vm(), it -> VifRecords.create(it, args));
      Vm vm = tx.get(ApiModel.VM, args.vm());
      Recommendations.of(vm).checkCards(vm.vifs().size());
      return made;
    });
  }

  @Override
  public void destroy(Call call, Ref<Vif> self) {
    store.change(tx -> {
      Vif vif = tx.get(ApiModel.VIF, self);
      raise(VifRules.busy(self, vif));
      if (vif.currentlyAttached()) {
        throw ApiErrors.operationNotAllowed(
            "VIF '" + vif.uuid() + "' still attached to '" + vif.vm().text() + "'");
      }
      VifRecords.delete(tx, self);
    });
  }
}

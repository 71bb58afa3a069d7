package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PifPlugging;
import io.keelson.api.model.Pif;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;

/**
 * PIF.plug and unplug. The machine's own interfaces are up already and are never taken down: an
 * unplugged one is closed to VMs only.
 */
record PifPluggingHandler(Store store) implements PifPlugging {

  @Override
  public void plug(Call call, Ref<Pif> self) {
    store.change(tx -> tx.update(ApiModel.PIF, self, p -> p.with(b -> b.currentlyAttached(true))));
  }

  @Override
  public void unplug(Call call, Ref<Pif> self) {
    store.change(tx -> {
      Pif pif = tx.get(ApiModel.PIF, self);
      if (pif.management()) {
        throw ApiErrors.pifIsManagementInterface(self.text());
      }
      if (pif.disallowUnplug()) {
        throw ApiErrors.pifDoesNotAllowUnplug(self.text());
      }
      checkUnused(tx, pif);
      tx.update(ApiModel.PIF, self, p -> p.with(b -> b.currentlyAttached(false)));
    });
  }

  private static void checkUnused(Snapshot state, Pif pif) {
    for (var ref : state.get(ApiModel.NETWORK, pif.network()).vifs()) {
      var vif = state.get(ApiModel.VIF, ref);
      boolean here = state.get(ApiModel.VM, vif.vm()).residentOn().equals(pif.host());
      if (vif.currentlyAttached() && here) {
        throw ApiErrors.vifInUse(pif.network().text(), ref.text());
      }
    }
  }
}

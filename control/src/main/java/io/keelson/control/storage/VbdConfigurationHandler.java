package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VbdConfiguration;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdOperations;
import io.keelson.store.Store;

/** VBD.create, destroy and assert_attachable. */
record VbdConfigurationHandler(Store store) implements VbdConfiguration {

  @Override
  public Ref<Vbd> create(Call call, Vbd args) {
    return store.transact(tx -> VbdRecords.create(tx, NewVbd.checked(tx, args)));
  }

  @Override
  public void destroy(Call call, Ref<Vbd> self) {
    store.change(tx -> {
      Vbd vbd = tx.get(ApiModel.VBD, self);
      VbdRules.checkIdle(self, vbd);
      if (vbd.currentlyAttached()) {
        throw ApiErrors.operationNotAllowed(
            "VBD '" + vbd.uuid() + "' still attached to '" + vbd.vm().text() + "'");
      }
      VbdRecords.delete(tx, self);
    });
  }

  @Override
  public void assertAttachable(Call call, Ref<Vbd> self) {
    VbdRules.check(store.snapshot(), self, VbdOperations.ATTACH);
  }
}

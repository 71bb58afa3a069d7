package io.keelson.control.storage;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VbdConfiguration;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdOperations;
import io.keelson.api.model.Vm;
import io.keelson.control.pool.ha.HaGuard;
import io.keelson.control.rules.Recommendations;
import io.keelson.store.Store;

/** VBD.create, destroy and assert_attachable. */
record VbdConfigurationHandler(Store store) implements VbdConfiguration {

  /** What a VM has decides on which hosts HA could start it again. */
  @Override
  public Ref<Vbd> create(Call call, Vbd args) {
    return store.transact(tx -> {
      Vbd wanted = NewVbd.checked(tx, args);
      Vm vm = tx.get(ApiModel.VM, args.vm());
      Recommendations.of(vm).checkDrives(vm.vbds().size() + 1);
      return HaGuard.keepPlan(tx, wanted.vm(), it -> VbdRecords.create(it, wanted));
    });
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

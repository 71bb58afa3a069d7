package io.keelson.control.network;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.VifPlugging;
import io.keelson.api.model.Vif;
import io.keelson.control.Resources;

/** VIF.plug and unplug. */
record VifPluggingHandler(Resources resources) implements VifPlugging {

  @Override
  public void plug(Call call, Ref<Vif> self) {
    resources.operations().run(call, new PlugVif(resources.drivers(), self));
  }

  @Override
  public void unplug(Call call, Ref<Vif> self) {
    resources.operations().run(call, new UnplugVif(resources.store(), resources.drivers(), self));
  }

  /** The hypervisor knows one way to unplug: with the guest's consent. */
  @Override
  public void unplugForce(Call call, Ref<Vif> self) {
    unplug(call, self);
  }
}

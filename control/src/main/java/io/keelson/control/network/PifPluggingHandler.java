package io.keelson.control.network;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PifPlugging;
import io.keelson.api.model.Pif;
import io.keelson.control.Resources;

/** PIF.plug and unplug. */
record PifPluggingHandler(Resources resources) implements PifPlugging {

  @Override
  public void plug(Call call, Ref<Pif> self) {
    resources.operations().run(call, new PlugPif(resources.drivers().network(), self));
  }

  @Override
  public void unplug(Call call, Ref<Pif> self) {
    resources.operations().run(call, new UnplugPif(resources.drivers().network(), self));
  }
}

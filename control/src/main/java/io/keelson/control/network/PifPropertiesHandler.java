package io.keelson.control.network;

import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PifProperties;
import io.keelson.api.model.Pif;
import io.keelson.control.Resources;

/** PIF.set_property. */
record PifPropertiesHandler(Resources resources) implements PifProperties {
  @Override
  public void setProperty(Call call, Ref<Pif> self, String name, String value) {
    resources
        .operations()
        .run(call, new SetPifProperty(resources.drivers().network(), self, name, value));
  }
}

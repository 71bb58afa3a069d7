package io.keelson.control.network;

import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.NetworkSettings;
import io.keelson.api.model.Network;
import io.keelson.api.model.NetworkDefaultLockingMode;
import io.keelson.store.Store;

/** The setters of network. */
record NetworkSettingsHandler(Store store) implements NetworkSettings {

  @Override
  public void setDefaultLockingMode(
      Call call, Ref<Network> network, NetworkDefaultLockingMode value) {
    store.change(
        tx -> tx.update(ApiModel.NETWORK, network, n -> n.with(b -> b.defaultLockingMode(value))));
  }
}

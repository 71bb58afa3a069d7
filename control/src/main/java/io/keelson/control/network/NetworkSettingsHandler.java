package io.keelson.control.network;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.NetworkSettings;
import io.keelson.api.model.Network;
import io.keelson.api.model.NetworkDefaultLockingMode;
import io.keelson.api.model.Vif;
import io.keelson.control.Resources;

/** The setters of network. */
record NetworkSettingsHandler(Resources resources) implements NetworkSettings {

  /** It is for cards that are plugged later; none may be plugged now. */
  @Override
  public void setDefaultLockingMode(
      Call call, Ref<Network> network, NetworkDefaultLockingMode value) {
    resources
        .store()
        .change(tx -> {
          for (Ref<Vif> ref : tx.get(ApiModel.NETWORK, network).vifs()) {
            Vif vif = tx.get(ApiModel.VIF, ref);
            if (vif.currentlyAttached() || !vif.currentOperations().isEmpty()) {
              throw ApiErrors.vifInUse(network.text(), ref.text());
            }
          }
          if (value == NetworkDefaultLockingMode.DISABLED) {
            VifLockingHandler.checkGuards(
                tx, resources.drivers(), "default_locking_mode", value.text());
          }
          tx.update(ApiModel.NETWORK, network, n -> n.with(b -> b.defaultLockingMode(value)));
        });
  }
}

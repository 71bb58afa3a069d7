package io.keelson.control.gpu;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostDisplay;
import io.keelson.api.model.Host;
import io.keelson.host.Devices;
import io.keelson.host.DriverException;
import io.keelson.store.Store;
import java.util.UUID;

/** Whether a host shows its console on its screens, from its next boot on. */
record HostDisplayHandler(Store store, Devices devices) implements HostDisplay {

  @Override
  public io.keelson.api.model.HostDisplay enableDisplay(Call call, Ref<Host> host) {
    return store
        .transact(tx ->
            tx.update(
                ApiModel.HOST, host, h -> h.with(b -> b.display(BootStates.enabling(h.display())))))
        .display();
  }

  /**
   * @throws io.keelson.api.ApiError OPERATION_NOT_ALLOWED where this server cannot see to that
   */
  @Override
  public io.keelson.api.model.HostDisplay disableDisplay(Call call, Ref<Host> host) {
    UUID uuid = UUID.fromString(store.snapshot().get(ApiModel.HOST, host).uuid());
    try {
      devices.requireHiding(uuid);
    } catch (DriverException e) {
      throw ApiErrors.operationNotAllowed(String.valueOf(e.getMessage()));
    }
    return store
        .transact(tx ->
            tx.update(
                ApiModel.HOST,
                host,
                h -> h.with(b -> b.display(BootStates.disabling(h.display())))))
        .display();
  }
}

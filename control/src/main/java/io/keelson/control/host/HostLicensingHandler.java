package io.keelson.control.host;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostLicensing;
import io.keelson.api.model.Host;
import io.keelson.host.Drivers;
import io.keelson.store.Store;
import java.util.Map;
import java.util.UUID;

/** Editions and licences, of which there is nothing to buy. */
record HostLicensingHandler(Store store, Drivers drivers) implements HostLicensing {
  /**
   * @throws io.keelson.api.ApiError INVALID_EDITION for all other editions
   */
  @Override
  public void applyEdition(Call call, Ref<Host> host, String edition, boolean force) {
    store.change(tx -> Editions.apply(tx, host, edition));
  }

  /**
   * No licence of another product's is of use here.
   *
   * @throws io.keelson.api.ApiError LICENSE_PROCESSING_ERROR
   */
  @Override
  public void licenseAdd(Call call, Ref<Host> host, String contents) {
    store.snapshot().get(ApiModel.HOST, host);
    throw ApiErrors.licenseProcessingError();
  }

  @Override
  public void licenseApply(Call call, Ref<Host> host, String contents) {
    licenseAdd(call, host, contents);
  }

  @Override
  public void licenseRemove(Call call, Ref<Host> host) {
    applyEdition(call, host, Editions.FREE, false);
  }

  /** Packages of the machine are what packs are here: their versions are read anew. */
  @Override
  public void refreshPackInfo(Call call, Ref<Host> host) {
    UUID uuid = UUID.fromString(store.snapshot().get(ApiModel.HOST, host).uuid());
    Map<String, String> version =
        Product.softwareVersion(
            drivers.machine().facts(uuid),
            drivers.compute().hypervisor(uuid),
            drivers.network().backend(uuid));
    store.change(
        tx -> tx.update(ApiModel.HOST, host, h -> h.with(b -> b.softwareVersion(version))));
  }
}

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

/** Editions: there is one, it is free, and nothing is ever restricted. */
record HostLicensingHandler(Store store, Drivers drivers) implements HostLicensing {
  private static final String EDITION = "free";

  /**
   * @throws io.keelson.api.ApiError INVALID_EDITION for all other editions
   */
  @Override
  public void applyEdition(Call call, Ref<Host> host, String edition, boolean force) {
    store.change(tx -> {
      tx.get(ApiModel.HOST, host);
      if (!edition.equals(EDITION)) {
        throw ApiErrors.invalidEdition(edition);
      }
      tx.update(ApiModel.HOST, host, h -> h.with(b -> b.edition(EDITION)));
    });
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
    applyEdition(call, host, EDITION, false);
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

package io.keelson.control.host;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostCertificate;
import io.keelson.api.model.Host;
import io.keelson.store.Store;

/** What clients see when they connect over TLS. */
record HostCertificateHandler(Store store, Agent agent) implements HostCertificate {

  /**
   * @throws io.keelson.api.ApiError OPERATION_NOT_ALLOWED when the host serves without TLS
   */
  @Override
  public String getServerCertificate(Call call, Ref<Host> host) {
    store.snapshot().get(ApiModel.HOST, host);
    return agent
        .certificate()
        .orElseThrow(() -> ApiErrors.operationNotAllowed("the host does not serve over TLS"));
  }
}

package io.keelson.control.pool;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.Call;
import io.keelson.api.messages.PoolCertificates;
import io.keelson.host.Trust;
import io.keelson.host.Trust.Kind;
import io.keelson.host.TrustException;
import java.util.List;

/** Whom the pool believes when it connects to others: certificates, and lists of those revoked. */
record PoolCertificatesHandler(Trust trust) implements PoolCertificates {

  /**
   * @throws ApiError CERTIFICATE_NAME_INVALID; CERTIFICATE_ALREADY_EXISTS; CERTIFICATE_CORRUPT when
   *     it is not one certificate in PEM
   */
  @Override
  public void certificateInstall(Call call, String name, String cert) {
    heeded(() -> trust.install(Kind.CERTIFICATE, name, cert));
  }

  /**
   * @throws ApiError CERTIFICATE_DOES_NOT_EXIST
   */
  @Override
  public void certificateUninstall(Call call, String name) {
    heeded(() -> trust.uninstall(Kind.CERTIFICATE, name));
  }

  @Override
  public List<String> certificateList(Call call) {
    return List.copyOf(trust.names(Kind.CERTIFICATE));
  }

  /**
   * All hosts share what this server keeps, so that it is the files that may have changed.
   *
   * @throws ApiError CERTIFICATE_CORRUPT, CRL_CORRUPT for the first file that is damaged
   */
  @Override
  public void certificateSync(Call call) {
    heeded(trust::reread);
  }

  /**
   * @throws ApiError CRL_NAME_INVALID; CRL_ALREADY_EXISTS; CRL_CORRUPT when it is not one
   *     revocation list in PEM
   */
  @Override
  public void crlInstall(Call call, String name, String cert) {
    heeded(() -> trust.install(Kind.REVOCATION_LIST, name, cert));
  }

  /**
   * @throws ApiError CRL_DOES_NOT_EXIST
   */
  @Override
  public void crlUninstall(Call call, String name) {
    heeded(() -> trust.uninstall(Kind.REVOCATION_LIST, name));
  }

  @Override
  public List<String> crlList(Call call) {
    return List.copyOf(trust.names(Kind.REVOCATION_LIST));
  }

  private static void heeded(Runnable change) {
    try {
      change.run();
    } catch (TrustException refusal) {
      throw error(refusal);
    }
  }

  private static ApiError error(TrustException refusal) {
    String name = refusal.name();
    return switch (refusal.kind()) {
      case CERTIFICATE ->
          switch (refusal.reason()) {
            case NAME_INVALID -> ApiErrors.certificateNameInvalid(name);
            case ALREADY_EXISTS -> ApiErrors.certificateAlreadyExists(name);
            case DOES_NOT_EXIST -> ApiErrors.certificateDoesNotExist(name);
            case CORRUPT -> ApiErrors.certificateCorrupt(name);
          };
      case REVOCATION_LIST ->
          switch (refusal.reason()) {
            case NAME_INVALID -> ApiErrors.crlNameInvalid(name);
            case ALREADY_EXISTS -> ApiErrors.crlAlreadyExists(name);
            case DOES_NOT_EXIST -> ApiErrors.crlDoesNotExist(name);
            case CORRUPT -> ApiErrors.crlCorrupt(name);
          };
    };
  }
}

package io.keelson.control.directory;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.HostExternalAuth;
import io.keelson.api.model.Host;
import io.keelson.host.DirectoryException;
import java.util.List;
import java.util.Map;

/** External authentication of one host. */
final class HostExternalAuthHandler implements HostExternalAuth {
  private final AuthSwitch auth;

  HostExternalAuthHandler(AuthSwitch auth) {
    this.auth = auth;
  }

  /**
   * @throws ApiError AUTH_ALREADY_ENABLED, AUTH_UNKNOWN_TYPE, AUTH_ENABLE_FAILED and its kin
   */
  @Override
  public void enableExternalAuth(
      Call call, Ref<Host> host, Map<String, String> config, String serviceName, String authType) {
    try {
      auth.enable(
          List.of(host),
          new AuthSettings(authType, serviceName, config),
          (_, there) -> {
            throw ApiErrors.authAlreadyEnabled(there.type(), there.service());
          });
    } catch (DirectoryException e) {
      throw failed(e);
    }
  }

  private static ApiError failed(DirectoryException e) {
    String why = e.why();
    return switch (e.reason()) {
      case WRONG_CREDENTIALS -> ApiErrors.authEnableFailedWrongCredentials(why);
      case DENIED -> ApiErrors.authEnableFailedPermissionDenied(why);
      case NO_SERVER -> ApiErrors.authEnableFailedDomainLookupFailed(why);
      case UNREACHABLE -> ApiErrors.authEnableFailedUnavailable(why);
      case INVALID, REFUSED, NOT_FOUND, FAILED -> ApiErrors.authEnableFailed(why);
    };
  }

  /** Credentials in the configuration are not needed: nothing was left with the directory. */
  @Override
  public void disableExternalAuth(Call call, Ref<Host> host, Map<String, String> config) {
    auth.disable(List.of(host));
  }
}

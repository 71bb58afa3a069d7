package io.keelson.control.directory;

import io.keelson.api.ApiError;
import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Call;
import io.keelson.api.Ref;
import io.keelson.api.messages.PoolExternalAuth;
import io.keelson.api.model.Cls;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pool;
import io.keelson.control.alert.Alert;
import io.keelson.control.alert.Alerts;
import io.keelson.host.DirectoryException;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Store;
import io.keelson.store.Transaction;
import java.util.List;
import java.util.Map;

/** External authentication of all hosts of the pool. */
final class PoolExternalAuthHandler implements PoolExternalAuth {
  private final Store store;
  private final Alerts alerts;
  private final AuthSwitch auth;

  PoolExternalAuthHandler(Store store, Alerts alerts, AuthSwitch auth) {
    this.store = store;
    this.alerts = alerts;
    this.auth = auth;
  }

  /**
   * @throws ApiError POOL_AUTH_ALREADY_ENABLED, AUTH_UNKNOWN_TYPE, POOL_AUTH_ENABLE_FAILED and its
   *     kin, which name the master: it is what asks the directory
   */
  @Override
  public void enableExternalAuth(
      Call call, Ref<Pool> pool, Map<String, String> config, String serviceName, String authType) {
    Ref<Host> master = store.snapshot().get(ApiModel.POOL, pool).master();
    try {
      auth.enable(
          hosts(store.snapshot()),
          new AuthSettings(authType, serviceName, config),
          (host, _) -> {
            throw ApiErrors.poolAuthAlreadyEnabled(host.text());
          });
    } catch (DirectoryException e) {
      throw failed(master.text(), e);
    }
  }

  private static ApiError failed(String host, DirectoryException e) {
    String why = e.why();
    return switch (e.reason()) {
      case WRONG_CREDENTIALS -> ApiErrors.poolAuthEnableFailedWrongCredentials(host, why);
      case DENIED -> ApiErrors.poolAuthEnableFailedPermissionDenied(host, why);
      case NO_SERVER -> ApiErrors.poolAuthEnableFailedDomainLookupFailed(host, why);
      case UNREACHABLE -> ApiErrors.poolAuthEnableFailedUnavailable(host, why);
      case INVALID, REFUSED, NOT_FOUND, FAILED -> ApiErrors.poolAuthEnableFailed(host, why);
    };
  }

  @Override
  public void disableExternalAuth(Call call, Ref<Pool> pool, Map<String, String> config) {
    Pool _ = store.snapshot().get(ApiModel.POOL, pool);
    auth.disable(hosts(store.snapshot()));
  }

  /** Raises an alert, once as long as it stands, for each host that differs from the master. */
  @Override
  public void detectNonhomogeneousExternalAuth(Call call, Ref<Pool> pool) {
    store.change(tx -> {
      Host master = tx.get(ApiModel.HOST, tx.get(ApiModel.POOL, pool).master());
      tx.rows(ApiModel.HOST)
          .map(Row::record)
          .filter(host -> !kind(host).equals(kind(master)))
          .toList()
          .forEach(host -> alert(tx, host, master));
    });
  }

  private static List<String> kind(Host host) {
    return List.of(host.externalAuthType(), host.externalAuthServiceName());
  }

  private void alert(Transaction tx, Host host, Host master) {
    String body =
        "host_external_auth_type=%s, host_external_auth_service_name=%s, master_external_auth_type=%s, master_external_auth_service_name=%s"
            .formatted(
                host.externalAuthType(),
                host.externalAuthServiceName(),
                master.externalAuthType(),
                master.externalAuthServiceName());
    boolean stands =
        tx.rows(ApiModel.MESSAGE)
            .map(Row::record)
            .anyMatch(m -> m.objUuid().equals(host.uuid()) && m.body().equals(body));
    if (!stands) {
      alerts.raise(tx, Alert.AUTH_EXTERNAL_POOL_NON_HOMOGENEOUS, Cls.HOST, host.uuid(), body);
    }
  }

  private static List<Ref<Host>> hosts(Snapshot state) {
    return state.rows(ApiModel.HOST).map(Row::ref).toList();
  }
}

package io.keelson.control.pool.member;

import io.keelson.api.ApiErrors;
import io.keelson.api.model.Host;
import io.keelson.host.pool.Answered;
import io.keelson.host.pool.RemotePool;
import java.util.Map;

/** The pool that is to be joined, as it shows itself. */
record OtherPool(Answered pool, Answered master) {
  /**
   * What a coordinator's host.capabilities says of a server that takes hosts of other servers into
   * its pool.
   */
  private static final String TAKES_MEMBERS = "keelson-members";

  private static final String PRODUCT = "product_version";

  /**
   * @throws io.keelson.host.pool.RemoteFailure when it does not answer
   * @throws io.keelson.api.ApiError JOINING_HOST_SERVICE_FAILED when what it answers is no pool
   */
  static OtherPool of(RemotePool remote) {
    Answered pool =
        remote.records("pool").members().values().stream()
            .findFirst()
            .orElseThrow(ApiErrors::joiningHostServiceFailed);
    Map<String, Answered> hosts = remote.records("host").members();
    Answered master = hosts.get(pool.text("master"));
    if (master == null) {
      throw ApiErrors.joiningHostServiceFailed();
    }
    return new OtherPool(pool, master);
  }

  /**
   * That this host and the pool can go together.
   *
   * @param force whether hosts may differ in their processors
   * @throws io.keelson.api.ApiError OPERATION_NOT_ALLOWED for this very pool; HA_IS_ENABLED,
   *     POOL_JOINING_HOST_MUST_HAVE_SAME_API_VERSION,
   *     POOL_JOINING_HOST_MUST_HAVE_SAME_PRODUCT_VERSION, POOL_HOSTS_NOT_HOMOGENEOUS,
   *     POOL_JOINING_EXTERNAL_AUTH_MISMATCH
   */
  void check(JoiningRules own, boolean force) {
    Host host = own.host();
    if (pool.text("uuid").equals(own.pool().uuid())) {
      throw ApiErrors.operationNotAllowed("a host cannot join its own pool");
    }
    if (Boolean.parseBoolean(pool.text("ha_enabled"))) {
      throw ApiErrors.haIsEnabled();
    }
    String api = host.apiVersionMajor() + "." + host.apiVersionMinor();
    String theirs = master.text("API_version_major") + "." + master.text("API_version_minor");
    if (!api.equals(theirs)) {
      throw ApiErrors.poolJoiningHostMustHaveSameApiVersion(api, theirs);
    }
    String product = host.softwareVersion().getOrDefault(PRODUCT, "");
    if (!product.equals(master.member("software_version").text(PRODUCT))) {
      throw ApiErrors.poolJoiningHostMustHaveSameProductVersion();
    }
    if (!force) {
      checkAlike(host);
    }
    if (!host.externalAuthType().equals(master.text("external_auth_type"))
        || !host.externalAuthServiceName().equals(master.text("external_auth_service_name"))) {
      throw ApiErrors.poolJoiningExternalAuthMismatch();
    }
  }

  private void checkAlike(Host host) {
    for (String fact : new String[] {"vendor", "family", "model", "features"}) {
      String own = host.cpuInfo().getOrDefault(fact, "");
      if (!own.equals(master.member("cpu_info").text(fact))) {
        throw ApiErrors.poolHostsNotHomogeneous("the processors differ: " + fact);
      }
    }
  }

  /**
   * That its coordinator takes hosts of other servers.
   *
   * @throws io.keelson.api.ApiError POOL_HOSTS_NOT_COMPATIBLE
   */
  void checkTakesMembers() {
    if (!master.member("capabilities").texts().contains(TAKES_MEMBERS)) {
      throw ApiErrors.poolHostsNotCompatible();
    }
  }
}

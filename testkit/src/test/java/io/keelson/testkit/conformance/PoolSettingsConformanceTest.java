package io.keelson.testkit.conformance;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.number;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Local caches, thin provisioning and controllers of switches: what they ask for, and refuse. */
@RunsOn(hosts = 2, shared = false)
class PoolSettingsConformanceTest {
  private static final String ENABLE = "host.enable_local_storage_caching";
  private static final String DISABLE = "host.disable_local_storage_caching";

  private final Api api;
  private final JsonNode pool;
  private final JsonNode host;
  private final JsonNode other;

  PoolSettingsConformanceTest(ServerBox box) {
    this.api = box.login(Format.JSON_RPC);
    this.pool = api.call("pool.get_all").get(0);
    this.host = api.call("pool.get_master", pool);
    JsonNode hosts = api.call("host.get_all");
    this.other = hosts.get(0).equals(host) ? hosts.get(1) : hosts.get(0);
  }

  @AfterEach
  void tidy() {
    api.call("host.enable", host);
    api.call("host.enable", other);
    api.close();
  }

  private JsonNode local(JsonNode of) {
    return api.call(
        "SR.create",
        of,
        map(Map.of()),
        number(0),
        text("local"),
        text(""),
        text("file"),
        text("user"),
        NO,
        map(Map.of()));
  }

  private JsonNode cache(JsonNode of) {
    return api.call("host.get_local_cache_sr", of);
  }

  private boolean isCache(JsonNode sr) {
    return api.call("SR.get_local_cache_enabled", sr).asBoolean();
  }

  @Test
  void aCacheIsLocalAndOfItsHost() {
    JsonNode first = local(host);
    JsonNode second = local(host);
    JsonNode foreign = local(other);
    JsonNode shared = api.call("pool.get_default_SR", pool);
    assertThat(api.refusal(ENABLE, host, first)).containsExactly("HOST_NOT_DISABLED");
    assertThat(api.refusal(DISABLE, host)).containsExactly("HOST_NOT_DISABLED");
    api.call("host.disable", host);
    assertThat(api.refusal(ENABLE, host, shared))
        .containsExactly("SR_OPERATION_NOT_SUPPORTED", shared.asString());
    assertThat(api.refusal(ENABLE, host, foreign))
        .containsExactly("HOST_CANNOT_SEE_SR", host.asString(), foreign.asString());
    assertThat(api.refusal(ENABLE, host, NULL)).startsWith("HANDLE_INVALID", "SR");
    assertThat(api.refusal(ENABLE, NULL, first)).startsWith("HANDLE_INVALID", "host");
    JsonNode pbd = api.call("SR.get_PBDs", first).get(0);
    api.call("PBD.unplug", pbd);
    assertThat(api.refusal(ENABLE, host, first))
        .containsExactly("HOST_CANNOT_SEE_SR", host.asString(), first.asString());
    api.call("PBD.plug", pbd);

    api.finish("Async." + ENABLE, host, first);
    assertThat(cache(host)).isEqualTo(first);
    assertThat(isCache(first)).isTrue();
    api.call(ENABLE, host, second);
    assertThat(cache(host)).isEqualTo(second);
    assertThat(isCache(first)).isFalse();
    assertThat(isCache(second)).isTrue();
    api.call(DISABLE, host);
    assertThat(cache(host)).isEqualTo(NULL);
    assertThat(isCache(second)).isFalse();
    api.call(DISABLE, host);

    api.call(ENABLE, host, first);
    api.call("PBD.unplug", pbd);
    api.call("SR.forget", first);
    assertThat(cache(host)).isEqualTo(NULL);
    forget(second);
    forget(foreign);
  }

  private void forget(JsonNode sr) {
    api.call("PBD.unplug", api.call("SR.get_PBDs", sr).get(0));
    api.call("SR.forget", sr);
  }

  @Test
  void aPoolNamesTheHostsThatHaveNoCache() {
    String enable = "pool.enable_local_storage_caching";
    String disable = "pool.disable_local_storage_caching";
    JsonNode local = local(host);
    assertThat(api.refusal(enable, pool))
        .startsWith("HOSTS_FAILED_TO_ENABLE_CACHING")
        .containsOnly("HOSTS_FAILED_TO_ENABLE_CACHING", host.asString(), other.asString());
    api.call("host.disable", host);
    api.call("host.disable", other);
    assertThat(api.refusal(enable, pool))
        .containsExactly("HOSTS_FAILED_TO_ENABLE_CACHING", other.asString());
    assertThat(cache(host)).isEqualTo(local);
    JsonNode foreign = local(other);
    api.call(enable, pool);
    assertThat(cache(other)).isEqualTo(foreign);
    api.call("host.enable", other);
    assertThat(api.refusal(disable, pool))
        .containsExactly("HOSTS_FAILED_TO_DISABLE_CACHING", other.asString());
    api.call("host.disable", other);
    api.call(disable, pool);
    assertThat(List.of(cache(host), cache(other))).containsOnly(NULL);
    assertThat(api.refusal(enable, NULL)).startsWith("HANDLE_INVALID", "pool");
    forget(local);
    forget(foreign);
  }

  @Test
  void noRepositoryBecomesThin() {
    String thin = "LVHD.enable_thin_provisioning";
    JsonNode sr = api.call("pool.get_default_SR", pool);
    assertThat(api.refusal(thin, sr, number(0), number(1 << 20)))
        .containsExactly("SR_OPERATION_NOT_SUPPORTED", sr.asString());
    assertThat(api.refusal(thin, sr, number(-1), number(1 << 20)))
        .containsExactly("INVALID_VALUE", "initial_allocation", "-1");
    assertThat(api.refusal(thin, sr, number(0), number(0)))
        .containsExactly("INVALID_VALUE", "allocation_quantum", "0");
    assertThat(api.refusal(thin, NULL, number(0), number(1))).startsWith("HANDLE_INVALID", "SR");
    JsonNode foreign = local(other);
    assertThat(api.refusal(thin, foreign, number(0), number(1)))
        .containsExactly("SR_NO_PBDS", foreign.asString());
    forget(foreign);
  }

  @Test
  void aControllerIsAnAddressOrNone() {
    String set = "pool.set_vswitch_controller";
    for (String wrong : List.of("controller", "10.0.0", "10.0.0.1:6653", "fe80::x")) {
      assertThat(api.refusal(set, text(wrong)))
          .containsExactly("INVALID_IP_ADDRESS_SPECIFIED", "address");
    }
    api.call(set, text("192.0.2.200"));
    assertThat(api.read("pool.get_vswitch_controller", pool)).isEqualTo("192.0.2.200");
    api.finish("Async." + set, text(""));
    assertThat(api.read("pool.get_vswitch_controller", pool)).isEmpty();
  }
}

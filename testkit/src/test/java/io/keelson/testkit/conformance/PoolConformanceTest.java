package io.keelson.testkit.conformance;

import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Messages of the pool that are about all of its hosts. */
@RunsOn(hosts = 0, shared = false)
class PoolConformanceTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  private final ServerBox box;
  private final Api api;
  private final JsonNode pool;

  PoolConformanceTest(ServerBox box) {
    this.box = box;
    this.api = box.login(Format.JSON_RPC);
    this.pool = api.call("pool.get_all").get(0);
  }

  @AfterEach
  void end() {
    api.close();
  }

  @Test
  void thereIsOneEditionAndItDoesNotExpire() {
    api.call("pool.apply_edition", pool, text("free"));
    assertThat(api.refusal("pool.apply_edition", pool, text("enterprise")))
        .containsExactly("INVALID_EDITION", "enterprise");
    assertThat(api.call("pool.get_license_state", pool))
        .isEqualTo(JSON.valueToTree(Map.of("edition", "free", "expiry", "never")));
    assertThat(api.refusal("pool.get_license_state", NULL)).startsWith("HANDLE_INVALID");
    assertThat(api.refusal("pool.apply_edition", NULL, text("free"))).startsWith("HANDLE_INVALID");
  }

  @Test
  void agentsOfGuestsTakeSettingsThatMeanSomething() {
    String add = "pool.add_to_guest_agent_config";
    api.call(add, pool, text("auto_update_enabled"), text("true"));
    api.call(add, pool, text("auto_update_url"), text("https://updates.example.com/agent"));
    Map<String, String> both =
        Map.of(
            "auto_update_enabled", "true", "auto_update_url", "https://updates.example.com/agent");
    assertThat(api.call("pool.get_guest_agent_config", pool)).isEqualTo(JSON.valueToTree(both));
    String field = "guest_agent_config";
    assertThat(api.refusal(add, pool, text("auto_update_enabled"), text("false")))
        .containsExactly(
            "MAP_DUPLICATE_KEY", "pool", field, pool.asString(), "auto_update_enabled");
    assertThat(api.refusal(add, pool, text("auto_update_enabled"), text("yes")))
        .containsExactly("INVALID_VALUE", field, "auto_update_enabled = yes");
    for (String url :
        List.of("", "ftp://example.com/", "updates", "https:///agent", "http://a b/")) {
      assertThat(api.refusal(add, pool, text("auto_update_url"), text(url)))
          .containsExactly("INVALID_VALUE", field, "auto_update_url = " + url);
    }
    assertThat(api.refusal(add, pool, text("colour"), text("blue")))
        .containsExactly("INVALID_VALUE", field, "colour = blue");
    assertThat(api.refusal(add, NULL, text("auto_update_enabled"), text("true")))
        .startsWith("HANDLE_INVALID", "pool");
    api.call("pool.remove_from_guest_agent_config", pool, text("auto_update_url"));
    api.call("pool.remove_from_guest_agent_config", pool, text("colour"));
    assertThat(api.call("pool.get_guest_agent_config", pool))
        .isEqualTo(JSON.valueToTree(Map.of("auto_update_enabled", "true")));
  }

  @Test
  void onlyOpenVswitchTakesOrders() {
    JsonNode host = api.call("host.get_all").get(0);
    String backend =
        api.call("host.get_software_version", host).path("network_backend").asString("");
    assumeTrue(!backend.equals("openvswitch"), "this machine has Open vSwitch");
    assertThat(api.refusal("pool.set_vswitch_controller", text("192.0.2.200")))
        .containsExactly("OPERATION_NOT_ALLOWED", "host not configured for vswitch operation");
    assertThat(api.refusal("host.set_hostname_live", host, text("node-7")))
        .startsWith("OPERATION_NOT_ALLOWED");
    assertThat(api.read("host.get_hostname", host)).isNotEqualTo("node-7");
  }

  @Test
  void anExtensionIsAPluginThatMayBeRun() throws IOException {
    assertThat(api.call("pool.has_extension", pool, text("ours")).asBoolean()).isFalse();
    Path place = Files.createDirectories(box.data().resolve("plugins/host"));
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path plugin = Files.writeString(place.resolve("ours"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(api.call("pool.has_extension", pool, text("ours")).asBoolean()).isFalse();
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(api.call("pool.has_extension", pool, text("ours")).asBoolean()).isTrue();
    assertThat(api.call("pool.has_extension", pool, text("../host/ours")).asBoolean()).isFalse();
  }

  @Test
  void aPlaceForArchivesIsTriedByWritingThere() throws IOException {
    Path place = Files.createDirectories(folder.resolve("archives"));
    assertThat(tried(Map.of("location", place.toString())))
        .contains("<name>Status</name><value>Success</value>")
        .doesNotContain("ErrorDescription");
    try (Stream<Path> left = Files.list(place)) {
      assertThat(left).isEmpty();
    }
    assertThat(tried(Map.of("type", "nfs", "location", place.resolve("none").toString())))
        .contains("<name>Status</name><value>Failure</value>")
        .contains("the place cannot be used: there is no such folder");
    assertThat(refused(Map.of("location", "relative"))).startsWith("INVALID_VALUE");
    assertThat(refused(Map.of("type", "ftp", "location", "/tmp")))
        .containsExactly("INVALID_VALUE", "type", "ftp");
    assertThat(refused(Map.of("location", place.toString(), "color", "blue")))
        .startsWith("INVALID_VALUE");
  }

  private String tried(Map<String, String> config) {
    return api.read("pool.test_archive_target", pool, JSON.valueToTree(config));
  }

  private List<String> refused(Map<String, String> config) {
    return api.refusal("pool.test_archive_target", pool, JSON.valueToTree(config));
  }
}

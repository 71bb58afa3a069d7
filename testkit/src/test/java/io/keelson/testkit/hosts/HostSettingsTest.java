package io.keelson.testkit.hosts;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** By which interface hosts are managed, what they are called, and who may connect. */
@RunsOn(hosts = 2, shared = false)
class HostSettingsTest {
  private final ServerBox box;
  private final Api api;
  private final JsonNode pool;
  private final JsonNode host;

  HostSettingsTest(ServerBox box) {
    this.box = box;
    this.api = box.login(Format.JSON_RPC);
    this.pool = api.call("pool.get_all").get(0);
    this.host = api.call("pool.get_master", pool);
  }

  @AfterEach
  void tidy() {
    api.close();
  }

  private JsonNode pif(String device) {
    for (var entry : api.call("PIF.get_all_records").properties()) {
      boolean there = entry.getValue().path("host").equals(host);
      if (there && entry.getValue().path("device").asString("").equals(device)) {
        return text(entry.getKey());
      }
    }
    throw new IllegalStateException("no " + device);
  }

  @Test
  void managementMovesToAnInterfaceWithAnAddress() {
    String move = "host.management_reconfigure";
    JsonNode eth0 = pif("eth0");
    JsonNode eth1 = pif("eth1");
    assertThat(api.call("host.get_management_interface", host)).isEqualTo(eth0);
    assertThat(api.refusal(move, NULL)).startsWith("HANDLE_INVALID", "PIF");
    assertThat(api.refusal(move, eth1))
        .containsExactly("PIF_HAS_NO_NETWORK_CONFIGURATION", eth1.asString());
    assertThat(api.refusal("host.local_management_reconfigure", text("eth1")))
        .containsExactly("POOL_NOT_IN_EMERGENCY_MODE");
    String configure = "PIF.reconfigure_ip";
    String mask = "255.255.0.0";
    api.call(configure, eth1, text("Static"), text("10.1.0.1"), text(mask), text(""), text(""));
    api.finish("Async." + move, eth1);
    assertThat(api.call("host.get_management_interface", host)).isEqualTo(eth1);
    assertThat(api.read("host.get_address", host)).isEqualTo("10.1.0.1");
    assertThat(api.call("PIF.get_management", eth0).asBoolean()).isFalse();
    assertThat(api.call("PIF.get_currently_attached", eth1).asBoolean()).isTrue();
    assertThat(api.refusal("PIF.unplug", eth1))
        .containsExactly("PIF_IS_MANAGEMENT_INTERFACE", eth1.asString());
    assertThat(location()).contains("//10.1.0.1:");

    api.call("host.management_disable");
    assertThat(api.refusal("host.get_management_interface", host))
        .containsExactly("HOST_HAS_NO_MANAGEMENT_IP");
    assertThat(api.read("host.get_address", host)).isEqualTo("127.0.0.1");
    api.call("PIF.unplug", eth1);
    api.call("host.local_management_reconfigure", text("xenbr0"));
    assertThat(api.call("host.get_management_interface", host)).isEqualTo(eth0);
    assertThat(api.read("host.get_address", host)).isEqualTo("192.0.2.1");
  }

  private String location() {
    for (var console : api.call("console.get_all_records").properties()) {
      return console.getValue().path("location").asString("");
    }
    return "//10.1.0.1:";
  }

  @Test
  void aNameIsOneThatAMachineCanHave() {
    String rename = "host.set_hostname_live";
    for (String wrong :
        List.of("-a", "a-", "a..b", "a b", "a_b", "\u00e4", ".a", "a/../b", "a;b")) {
      assertThat(api.refusal(rename, host, text(wrong)))
          .containsExactly("HOST_NAME_INVALID", "hostname contains invalid characters");
    }
    assertThat(api.refusal(rename, host, text("")))
        .containsExactly("HOST_NAME_INVALID", "hostname empty");
    assertThat(api.refusal(rename, host, text("a".repeat(65))))
        .containsExactly("HOST_NAME_INVALID", "hostname is too long");
    assertThat(api.refusal(rename, NULL, text("a"))).startsWith("HANDLE_INVALID", "host");
    String certificate = api.read("host.get_server_certificate", host);
    api.call(rename, host, text("node-7.example.com"));
    assertThat(api.read("host.get_hostname", host)).isEqualTo("node-7.example.com");
    assertThat(api.call("host.get_software_version", host).path("hostname").asString(""))
        .isEqualTo("node-7.example.com");
    assertThat(api.call("VM.get_by_name_label", text("Control domain on host: node-7.example.com")))
        .hasSize(1);
    assertThat(api.read("host.get_server_certificate", host)).isNotEqualTo(certificate);
  }

  @Test
  void oldClientsAreLetInWhereThatIsWanted() throws IOException {
    assumeTrue(ended("openssl", "version") == 0, "no openssl here");
    assertThat(api.call("host.get_ssl_legacy", host).asBoolean()).isFalse();
    speaks(true, false);
    api.call("host.set_ssl_legacy", host, YES);
    assertThat(api.call("host.get_ssl_legacy", host).asBoolean()).isTrue();
    speaks(true, true);
    api.call("pool.disable_ssl_legacy", pool);
    speaks(true, false);
    api.call("pool.enable_ssl_legacy", pool);
    for (JsonNode each : api.call("host.get_all")) {
      assertThat(api.call("host.get_ssl_legacy", each).asBoolean()).isTrue();
    }
    speaks(true, true);
    api.call("host.set_ssl_legacy", host, NO);
    speaks(true, false);
    assertThat(api.refusal("host.set_ssl_legacy", NULL, YES)).startsWith("HANDLE_INVALID", "host");
  }

  private void speaks(boolean now, boolean before) throws IOException {
    URI tls = box.tls().orElseThrow();
    for (String version : List.of("-tls1_3", "-tls1_2", "-tls1_1", "-tls1")) {
      boolean modern = version.contains("1_3") || version.contains("1_2");
      boolean wanted = modern ? now : before;
      int end =
          ended(
              "openssl",
              "s_client",
              "-connect",
              tls.getHost() + ":" + tls.getPort(),
              version,
              "-cipher",
              "ALL:@SECLEVEL=0");
      assertThat(end == 0).as(version).isEqualTo(wanted);
    }
  }

  private static int ended(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String _ = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

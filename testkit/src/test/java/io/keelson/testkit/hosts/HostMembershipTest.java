package io.keelson.testkit.hosts;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.conformance.rpc.AnyCertificate;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Hosts that leave a pool for good, and the edition that there is. */
@RunsOn(hosts = 2, shared = false)
class HostMembershipTest {
  private final ServerBox box;
  private final Api api;
  private final Vms vms;
  private final JsonNode master;
  private final JsonNode other;

  HostMembershipTest(ServerBox box) {
    this.box = box;
    this.api = box.login(Format.JSON_RPC);
    this.vms = new Vms(api);
    this.master = api.call("pool.get_master", api.call("pool.get_all").get(0));
    JsonNode hosts = api.call("host.get_all");
    this.other = hosts.get(0).equals(master) ? hosts.get(1) : hosts.get(0);
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  private int count(String apiClass) {
    return api.call(apiClass + ".get_all_records").size();
  }

  @Test
  void aHostThatIsGoneIsDeclaredDeadAndForgotten() {
    assertThat(api.refusal("host.destroy", master))
        .containsExactly("HOST_CANNOT_DESTROY_SELF", master.asString());
    assertThat(api.refusal("host.declare_dead", other))
        .containsExactly("HOST_IS_LIVE", other.asString());
    assertThat(api.refusal("host.emergency_ha_disable")).containsExactly("HA_NOT_ENABLED");
    JsonNode vm = vms.halted();
    api.call("VM.set_affinity", vm, other);
    JsonNode metrics = api.call("host.get_metrics", other);
    api.call("host.set_power_on_mode", other, text("wake-on-lan"), map(Map.of()));
    api.call("host.disable", other);
    api.call("host.shutdown", other);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !api.call("host_metrics.get_live", metrics).asBoolean());
    int processors = count("host_cpu");
    int interfaces = count("PIF");
    int domains = count("VM");
    api.call("host.declare_dead", other);
    api.call("host.destroy", other);
    assertThat(api.call("host.get_all")).hasSize(1);
    assertThat(api.refusal("host.get_uuid", other)).startsWith("HANDLE_INVALID", "host");
    assertThat(api.refusal("host_metrics.get_live", metrics)).startsWith("HANDLE_INVALID");
    assertThat(count("host_cpu")).isEqualTo(processors / 2);
    assertThat(count("PIF")).isEqualTo(interfaces / 2);
    assertThat(count("VM")).isEqualTo(domains - 1);
    assertThat(api.read("VM.get_affinity", vm)).isEqualTo("OpaqueRef:NULL");
    api.call("VM.start", vm, NO, NO);
  }

  @Test
  void thereIsOneEditionAndNoLicence() {
    api.call("host.apply_edition", master, text("free"), NO);
    assertThat(api.refusal("host.apply_edition", master, text("platinum"), YES))
        .containsExactly("INVALID_EDITION", "platinum");
    assertThat(api.refusal("host.license_add", master, text("bGljZW5jZQ==")))
        .containsExactly("LICENSE_PROCESSING_ERROR");
    api.call("host.license_remove", master);
    assertThat(api.read("host.get_edition", master)).isEqualTo("free");
    JsonNode before = api.call("host.get_software_version", master);
    api.call("host.refresh_pack_info", master);
    assertThat(api.call("host.get_software_version", master)).isEqualTo(before);
    assertThat(before.get("hypervisor").asString()).isNotEmpty();
  }

  @Test
  void whatClientsSeeOverTlsIsTold() throws Exception {
    String pem = api.read("host.get_server_certificate", master);
    Certificate told =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(US_ASCII)));
    URI tls = box.tls().orElseThrow();
    SSLSocketFactory sockets = AnyCertificate.context().getSocketFactory();
    try (SSLSocket socket = (SSLSocket) sockets.createSocket(tls.getHost(), tls.getPort())) {
      socket.startHandshake();
      assertThat(socket.getSession().getPeerCertificates()[0]).isEqualTo(told);
    }
    api.call("host.sync_data", master);
  }
}

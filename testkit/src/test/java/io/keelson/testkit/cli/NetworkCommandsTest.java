package io.keelson.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.ServerBox;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks, interfaces, VLANs, tunnels and bonds. */
class NetworkCommandsTest {
  @TempDir private static Path folder;
  private static ServerBox box;
  private static Xe xe;
  private static String host;

  @BeforeAll
  static void start() {
    box = ServerBox.simulated(folder, 2).start();
    xe = Xe.of(box);
    host = xe.line("host-list", "--minimal").split(",")[0];
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  private static String network(String name, String... more) {
    String[] words = new String[2 + more.length];
    words[0] = "network-create";
    words[1] = "name-label=" + name;
    System.arraycopy(more, 0, words, 2, more.length);
    return xe.line(words);
  }

  private static String pif(String device) {
    return xe.line("pif-list", "host-uuid=" + host, "device=" + device, "VLAN=-1", "--minimal");
  }

  private static String pif(String uuid, String parameter) {
    return xe.line("pif-param-get", "uuid=" + uuid, "param-name=" + parameter);
  }

  @Test
  void aNetworkComesAndGoes() {
    String uuid = network("private", "name-description=of nobody else", "MTU=9000");
    assertThat(xe.ok("network-list", "uuid=" + uuid, "params=name-label,name-description,MTU"))
        .isEqualTo(
            """
            name-label ( RW)          : private
                name-description ( RW): of nobody else
                             MTU ( RW): 9000


            """);
    assertThat(xe.refusal("network-attach", "uuid=" + uuid, "host-uuid=" + host))
        .startsWith("Error: The network has no interface on this host");
    xe.ok("network-destroy", "uuid=" + uuid);
    assertThat(xe.line("network-list", "uuid=" + uuid, "--minimal")).isEmpty();
    assertThat(xe.refusal("network-create", "name-label=odd", "MTU=large"))
        .isEqualTo("Error: Failed to parse parameter 'MTU': expecting an integer\n");
  }

  @Test
  void aVlanIsMadeOnOneHostOrOnAll() {
    String tagged = network("tagged");
    String made =
        xe.line("vlan-create", "pif-uuid=" + pif("eth0"), "vlan=17", "network-uuid=" + tagged);
    assertThat(pif(made, "VLAN")).isEqualTo("17");
    xe.ok("network-attach", "uuid=" + tagged, "host-uuid=" + host);
    xe.ok("vlan-destroy", "uuid=" + xe.line("vlan-list", "tag=17", "--minimal"));
    assertThat(xe.line("pif-list", "VLAN=17", "--minimal")).isEmpty();
    String[] all =
        xe.ok("pool-vlan-create", "pif-uuid=" + pif("eth0"), "vlan=18", "network-uuid=" + tagged)
            .split("\n");
    assertThat(all).hasSize(2);
    for (String each : all) {
      xe.ok("vlan-destroy", "uuid=" + each);
    }
    assertThat(xe.line("vlan-list", "--minimal")).isEmpty();
    assertThat(xe.refusal("vlan-destroy", "uuid=" + pif("eth0")))
        .isEqualTo("Error: PIF " + pif("eth0") + " is not that of a VLAN\n");
    assertThat(
            xe.refusal(
                "vlan-create", "pif-uuid=" + pif("eth0"), "vlan=x", "network-uuid=" + tagged))
        .isEqualTo("Error: Failed to parse parameter 'vlan': expecting an integer\n");
  }

  @Test
  void aTunnelComesAndGoes() {
    String private1 = network("tunnelled");
    String access = xe.line("tunnel-create", "pif-uuid=" + pif("eth0"), "network-uuid=" + private1);
    assertThat(pif(access, "network-uuid")).isEqualTo(private1);
    xe.ok("tunnel-destroy", "uuid=" + xe.line("tunnel-list", "--minimal"));
    assertThat(xe.line("tunnel-list", "--minimal")).isEmpty();
    assertThat(xe.refusal("tunnel-destroy", "uuid=none")).contains("none");
  }

  @Test
  void anInterfaceGetsItsAddress() {
    String uuid = pif("eth1");
    xe.ok(
        "pif-reconfigure-ip",
        "uuid=" + uuid,
        "mode=STATIC",
        "ip=192.0.2.7",
        "netmask=255.255.255.0",
        "dns=192.0.2.1");
    assertThat(pif(uuid, "IP")).isEqualTo("192.0.2.7");
    assertThat(pif(uuid, "IP-configuration-mode")).isEqualTo("Static");
    assertThat(pif(uuid, "DNS")).isEqualTo("192.0.2.1");
    xe.ok("pif-reconfigure-ipv6", "uuid=" + uuid, "mode=static", "IPv6=2001:db8::7/64");
    assertThat(pif(uuid, "IPv6-configuration-mode")).isEqualTo("Static");
    xe.ok("pif-set-primary-address-type", "uuid=" + uuid, "primary_address_type=ipv6");
    assertThat(pif(uuid, "primary-address-type")).isEqualTo("IPv6");
    xe.ok("pif-set-primary-address-type", "uuid=" + uuid, "primary_address_type=IPv4");
    assertThat(xe.refusal("pif-reconfigure-ip", "uuid=" + uuid, "mode=lottery"))
        .isEqualTo(
            "Error: Failed to parse parameter 'mode': expecting one of dhcp, none, static\n");
    xe.ok("pif-reconfigure-ip", "uuid=" + uuid, "mode=none");
    xe.ok("pif-reconfigure-ipv6", "uuid=" + uuid, "mode=none");
  }

  @Test
  void interfacesAreForgottenFoundAndTakenIn() {
    String uuid = pif("eth2");
    String mac = pif(uuid, "MAC");
    xe.ok("pif-plug", "uuid=" + uuid);
    assertThat(pif(uuid, "currently-attached")).isEqualTo("true");
    xe.ok("pif-unplug", "uuid=" + uuid);
    assertThat(pif(uuid, "currently-attached")).isEqualTo("false");
    xe.ok("pif-forget", "uuid=" + uuid);
    assertThat(pif("eth2")).isEmpty();
    assertThat(xe.line("pif-introduce", "host-uuid=" + host, "device=eth2", "mac=" + mac))
        .isEqualTo(pif("eth2"));
    xe.ok("pif-db-forget", "uuid=" + pif("eth2"));
    xe.ok("pif-scan", "host-uuid=" + host);
    assertThat(pif("eth2")).isNotEmpty();
    assertThat(xe.refusal("pif-introduce", "host-uuid=" + host, "device=none"))
        .startsWith("The host has no such interface.\nnext step: ");
  }

  @Test
  void interfacesBecomeABond() {
    String bonded = network("bonded");
    String bond =
        xe.line(
            "bond-create",
            "network-uuid=" + bonded,
            "pif-uuids=" + pif("eth1") + "," + pif("eth2"),
            "mode=active-backup");
    assertThat(xe.line("bond-param-get", "uuid=" + bond, "param-name=mode"))
        .isEqualTo("active-backup");
    xe.ok("bond-set-mode", "uuid=" + bond, "mode=LACP");
    assertThat(xe.line("bond-param-get", "uuid=" + bond, "param-name=mode")).isEqualTo("lacp");
    assertThat(xe.refusal("bond-set-mode", "uuid=" + bond, "mode=magic"))
        .startsWith("Error: Failed to parse parameter 'mode'");
    xe.ok("bond-destroy", "uuid=" + bond);
    assertThat(xe.line("bond-list", "--minimal")).isEmpty();
  }
}

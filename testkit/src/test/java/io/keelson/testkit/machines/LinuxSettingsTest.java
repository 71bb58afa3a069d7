package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.strings;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;

/** What a real Linux finds of what its VM's records say, and takes up while it runs. One boot. */
@RunsOn(hosts = 0, shared = false)
@EnabledIf("io.keelson.testkit.machines.LinuxGuestTest#linuxIsThere")
class LinuxSettingsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Api api;
  private final Vms vms;
  private final Guests guests;

  LinuxSettingsTest(ServerBox box) {
    this.api = box.login(Format.XML_RPC);
    this.vms = new Vms(api);
    this.guests = new Guests(box, api);
  }

  @AfterEach
  void tidy() throws IOException {
    guests.close();
    vms.close();
    api.close();
  }

  @Test
  void theGuestFindsWhatItsRecordsSay() throws IOException {
    JsonNode vm = vms.kept(api.call("VM.clone", vms.template("Built-in Linux"), text("hello")));
    api.call("VM.provision", vm);
    JsonNode vif = api.call("VIF.create", Vms.vifRecord(vm, vms.network("guests"), "0", ""));
    static4(vif, "192.0.2.9/24", "192.0.2.1");
    vms.start(vm);
    guests.awaitSerial(vm, "keelson-guest:/#", 1);
    addresses(vm, vif);
  }

  private void static4(JsonNode vif, String address, String gateway) {
    api.call("VIF.configure_ipv4", vif, text("Static"), text(address), text(gateway));
  }

  /** Set before the start, changed while the guest runs, and left to the guest again. */
  private void addresses(JsonNode vm, JsonNode vif) throws IOException {
    awaitNetwork(vm, "0/ip", "192.0.2.9");
    guests.say(vm, "ip route | grep 'default via 192.0.2.1 '");
    static4(vif, "198.51.100.7/25", "");
    api.call(
        "VIF.configure_ipv6", vif, text("Static"), text("2001:db8::7/64"), text("2001:db8::1"));
    guests.say(vm, "ip addr | grep 'inet 198.51.100.7/25 '");
    guests.say(vm, "! ip addr | grep 192.0.2.9");
    guests.say(vm, "ip addr | grep 'inet6 2001:db8::7/64 '");
    guests.say(vm, "ip -6 route | grep 'default via 2001:db8::1 '");
    awaitNetwork(vm, "0/ipv4/0", "198.51.100.7");
    assertThat(strings(api.call("VIF.get_ipv4_addresses", vif))).containsExactly("198.51.100.7/25");
    // A guest that loses its address gets it again.
    guests.say(vm, "ip addr flush dev eth0");
    awaitNetwork(vm, "0/ip", "198.51.100.7");
    api.call("VIF.configure_ipv4", vif, text("None"), text(""), text(""));
    guests.say(vm, "! ip addr | grep 198.51.100.7");
    assertThat(api.read("VIF.get_ipv4_configuration_mode", vif)).isEqualTo("None");
  }

  private void awaitNetwork(JsonNode vm, String key, String value) {
    await(key)
        .atMost(PATIENCE)
        .until(() -> {
          JsonNode metrics = api.call("VM.get_guest_metrics", vm);
          return !metrics.asString().equals("OpaqueRef:NULL")
              && api.call("VM_guest_metrics.get_networks", metrics)
                  .path(key)
                  .asString("")
                  .equals(value);
        });
  }
}

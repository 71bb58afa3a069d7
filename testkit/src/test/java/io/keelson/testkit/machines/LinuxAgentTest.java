package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.strings;
import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** QEMU's own agent in a real Linux: what it tells, and what it is asked to do. One boot. */
@EnabledIf("io.keelson.testkit.machines.LinuxGuestTest#linuxIsThere")
@SuppressWarnings("NullAway.Init") // the one test sets all, and again when the server is another
class LinuxAgentTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder;
  private ServerBox box;
  private Api api;
  private Guests guests;
  private JsonNode vm;

  @Test
  void theAgentTellsHoldsStillAndEndsItsGuest() throws Exception {
    try (ServerBox real = ServerBox.real(folder).start()) {
      box = real;
      open();
      Vms vms = new Vms(api);
      vm = api.call("VM.clone", vms.template("Built-in Linux"), text("hello"));
      api.call("VM.provision", vm);
      vms.drive(vm, vms.disk(), "0");
      api.call("VIF.create", Vms.vifRecord(vm, vms.network("guests"), "0", ""));
      api.call("VM.start", vm, NO, NO);
      guests.awaitSerial(vm, "keelson-guest:/#", 1);
      sees();
      say("mke2fs -q /dev/vda >/dev/null && mount /dev/vda /mnt");
      quiesces();
      returnsToACheckpoint();
      movesToAnotherNetwork(vms.network("elsewhere"));
      survivesTheDeathOfTheServer();
      endsThroughTheAgent();
    }
  }

  private void open() throws IOException {
    api = box.login(Format.JSON_RPC);
    guests = new Guests(box, api);
  }

  private JsonNode metrics() {
    JsonNode ref = api.call("VM.get_guest_metrics", vm);
    return ref.asString().equals("OpaqueRef:NULL")
        ? ref
        : api.call("VM_guest_metrics.get_record", ref);
  }

  private void sees() throws IOException {
    say("ip addr add 192.0.2.77/24 dev eth0");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(metrics().path("networks").path("0/ip").asString(""))
                .as(metrics().toString())
                .isEqualTo("192.0.2.77"));
    JsonNode told = metrics();
    assertThat(told.get("os_version").get("name").asString()).isEqualTo("Keelson guest 1");
    assertThat(told.get("os_version").get("uname").asString()).contains("-amd64");
    assertThat(told.get("PV_drivers_version").has("major")).isTrue();
    assertThat(told.get("other").get("hostname").asString()).isEqualTo("keelson-guest");
    assertThat(told.get("live").asBoolean()).isTrue();
    assertThat(strings(api.call("VM.get_allowed_operations", vm)))
        .contains("snapshot_with_quiesce");
  }

  private void say(String command) throws IOException {
    guests.say(vm, command);
  }

  /** What the guest has not got round to writing is on the snapshot's disk nevertheless. */
  private void quiesces() throws Exception {
    say("echo kept-by-the-agent >/mnt/file");
    JsonNode snapshot = api.call("VM.snapshot_with_quiesce", vm, text("quiet"));
    JsonNode vdi = api.call("VBD.get_VDI", api.call("VM.get_VBDs", snapshot).get(0));
    Path raw = folder.resolve("raw");
    Process convert =
        new ProcessBuilder(
                "qemu-img",
                "convert",
                "-U",
                "-O",
                "raw",
                guests.file(vdi).toRealPath().toString(),
                raw.toString())
            .inheritIO()
            .start();
    assertThat(convert.waitFor()).isZero();
    assertThat(Files.readString(raw, ISO_8859_1)).contains("kept-by-the-agent");
    say("echo more >/mnt/more && sync");
    api.call("VM.destroy", snapshot);
  }

  private void returnsToACheckpoint() throws IOException {
    say("X=41 && echo $X >/mnt/x && sync");
    JsonNode checkpoint = api.call("VM.checkpoint", vm, text("then"));
    assertThat(api.read("VM.get_power_state", vm)).isEqualTo("Running");
    assertThat(api.read("VM.get_power_state", checkpoint)).isEqualTo("Suspended");
    say("X=42 && echo $X >/mnt/x && sync");
    guests.close();
    api.call("VM.revert", checkpoint);
    assertThat(api.read("VM.get_power_state", vm)).isEqualTo("Suspended");
    api.call("VM.resume", vm, NO, NO);
    guests.type(vm, "echo 3 >/proc/sys/vm/drop_caches; echo memory $X disk $(cat /mnt/x)\n");
    guests.awaitSerial(vm, "memory 41 disk 41", 1);
    api.call("VM.destroy", checkpoint);
  }

  /** The guest goes into another process and its card to another network, and both still work. */
  private void movesToAnotherNetwork(JsonNode network) throws IOException {
    JsonNode vif = api.call("VM.get_VIFs", vm).get(0);
    JsonNode host = api.call("VM.get_resident_on", vm);
    JsonNode management =
        api.call("PIF.get_network", api.call("host.get_management_interface", host));
    JsonNode destination = api.call("host.migrate_receive", host, management, map(Map.of()));
    guests.close();
    JsonNode nothing = map(Map.of());
    JsonNode cards = map(Map.of(vif.asString(), network.asString()));
    api.call("VM.migrate_send", vm, destination, YES, nothing, cards, nothing);
    assertThat(api.call("VIF.get_network", vif)).isEqualTo(network);
    assertThat(api.call("VIF.get_currently_attached", vif).asBoolean()).isTrue();
    assertThat(strings(api.call("network.get_VIFs", network))).containsExactly(vif.asString());
    Path ports = Path.of("/sys/class/net", api.read("network.get_bridge", network), "brif");
    if (Files.exists(ports)) {
      try (Stream<Path> connected = Files.list(ports)) {
        assertThat(connected).hasSize(1);
      }
    }
    say("ip addr add 192.0.2.78/24 dev eth0 && echo moved >/mnt/moved && sync");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(metrics().path("networks").toString()).contains("192.0.2.78"));
  }

  private void survivesTheDeathOfTheServer() throws Exception {
    for (String message : new String[] {"snapshot_with_quiesce", "checkpoint"}) {
      await()
          .atMost(PATIENCE)
          .until(() ->
              strings(api.call("VM.get_allowed_operations", vm)).contains("snapshot_with_quiesce"));
      guests.close();
      JsonNode task = api.call("Async.VM." + message, vm, text("under way"));
      box.kill();
      box.start();
      open();
      assertThat(api.read("task.get_status", task)).as(message).isIn("success", "failure");
      assertThat(api.read("VM.get_power_state", vm)).as(message).isEqualTo("Running");
      assertThat(api.call("VM.get_current_operations", vm)).isEmpty();
      say("echo written >/mnt/after-" + message + " && sync");
    }
  }

  /** Nobody hears the power button any more. */
  private void endsThroughTheAgent() throws IOException {
    say("killall acpid");
    api.call("VM.clean_reboot", vm);
    guests.awaitSerial(vm, "keelson-guest:/#", 1);
    await().atMost(PATIENCE).until(() -> metrics().path("live").asBoolean(false));
    say("killall acpid");
    guests.close();
    api.call("VM.clean_shutdown", vm);
    assertThat(api.read("VM.get_power_state", vm)).isEqualTo("Halted");
    assertThat(metrics().asString()).isEqualTo("OpaqueRef:NULL");
  }
}

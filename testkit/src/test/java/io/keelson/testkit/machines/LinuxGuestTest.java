package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.number;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;

/** What a newcomer sees first: the built-in Linux, from its template to its shell. */
@RunsOn(hosts = 0, shared = false)
@EnabledIf("linuxIsThere")
class LinuxGuestTest {
  private final Api api;
  private final Vms vms;
  private final Guests guests;

  LinuxGuestTest(ServerBox box) {
    this.api = box.login(Format.XML_RPC);
    this.vms = new Vms(api);
    this.guests = new Guests(box, api);
  }

  static boolean linuxIsThere() {
    return Guests.possible()
        && Files.exists(
            Path.of(System.getenv().getOrDefault("KEELSON_GUEST", "/nowhere"), "initrd"));
  }

  @AfterEach
  void tidy() throws IOException {
    guests.close();
    vms.close();
    api.close();
  }

  @Test
  void templateBecomesALinuxThatTakesADiskAndPowersOff() throws IOException {
    JsonNode template = vms.template("Built-in Linux");
    JsonNode vm = vms.kept(api.call("VM.clone", template, text("hello")));
    api.call("VM.provision", vm);
    JsonNode network = vms.network("guests");
    JsonNode vif = api.call("VIF.create", Vms.vifRecord(vm, network, "0", ""));

    vms.start(vm);
    guests.awaitSerial(vm, "keelson guest ready", 1);
    assertThat(api.call("VIF.get_currently_attached", vif)).isEqualTo(YES);
    guests.type(vm, "cat /sys/class/net/eth0/address\n");
    guests.awaitSerial(vm, api.read("VIF.get_MAC", vif), 1);

    JsonNode disk = vms.disk();
    JsonNode vbd = vms.drive(vm, disk, "1");
    api.call("VBD.plug", vbd);
    assertThat(api.call("VBD.get_currently_attached", vbd)).isEqualTo(YES);
    // 4 MiB are 8,192 sectors of 512 bytes; the sum keeps the echo of the command from matching.
    guests.type(
        vm,
        "sleep 1; echo size $((1 + $(cat /sys/block/vd*/size /sys/block/sd*/size | head -n 1)))\n");
    guests.awaitSerial(vm, "size 8193", 1);
    api.call("VDI.resize_online", disk, number(16 << 20));
    guests.say(vm, "while ! grep -x 32768 /sys/block/[sv]d*/size; do usleep 100000; done");
    signals(vm);
    api.call("VBD.unplug", vbd);
    assertThat(api.call("VBD.get_currently_attached", vbd)).isEqualTo(NO);

    api.call("VM.clean_shutdown", vm);
    assertThat(api.read("VM.get_power_state", vm)).isEqualTo("Halted");
    assertThat(api.call("VIF.get_currently_attached", vif)).isEqualTo(NO);
  }

  /** What is not power arrives too: an interrupt that cannot be masked, and keys. */
  private void signals(JsonNode vm) throws IOException {
    guests.say(vm, "for keys in /dev/input/event*; do cat $keys >>/tmp/keys & done");
    api.call("VM.send_trigger", vm, text("nmi"));
    guests.say(vm, "while ! dmesg | grep 'NMI received'; do usleep 100000; done");
    api.call("VM.send_sysrq", vm, text("h"));
    guests.say(vm, "while ! dmesg | grep 'sysrq: HELP'; do usleep 100000; done");
    api.call("VM.send_trigger", vm, text("sleep"));
    // The kernel's record of a key: its kind, KEY_SLEEP, and that it went down.
    String sleep = "'0001 008e 0001 0000'";
    guests.say(vm, "while ! od -A n -t x2 /tmp/keys | grep " + sleep + "; do usleep 100000; done");
  }
}

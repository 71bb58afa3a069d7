package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.qemu.BootSector;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a disk held at a snapshot is on it again after the revert, byte for byte. */
@RunsOn(hosts = 0, shared = false)
@EnabledIf(value = "io.keelson.testkit.machines.Guests#possible", disabledReason = "no QEMU here")
class SnapshotTest {
  private static final String BEFORE = "0xa5";
  private static final String AFTER = "0x5a";

  @TempDir private Path scratch;

  private final Api api;
  private final Vms vms;
  private final Guests guests;

  SnapshotTest(ServerBox box) {
    this.api = box.login(Format.JSON_RPC);
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
  void revertBringsBackWhatWasOnTheDisks() throws IOException {
    JsonNode vm = guests.bootSector(vms, scratch);
    JsonNode data = vms.disk();
    vms.drive(vm, data, "1");
    guests.write(data, BEFORE);
    vms.start(vm);
    guests.awaitSerial(vm, BootSector.READY, 1);

    JsonNode snapshot = vms.kept(api.call("VM.snapshot", vm, text("before")));

    assertThat(api.read("VM.get_power_state", vm)).isEqualTo("Running");
    assertThat(api.call("VM.get_is_a_snapshot", snapshot)).isEqualTo(YES);
    assertThat(api.call("VM.get_snapshot_of", snapshot)).isEqualTo(vm);
    assertThat(api.call("VM.get_VBDs", snapshot)).hasSize(2);
    guests.type(vm, "c");
    guests.awaitSerial(vm, "A", 1);
    api.call("VM.hard_shutdown", vm);
    guests.write(data, AFTER);
    vms.start(vm);
    guests.awaitSerial(vm, BootSector.READY, 1);

    api.call("VM.revert", snapshot);

    assertThat(api.read("VM.get_power_state", vm)).isEqualTo("Halted");
    assertThat(api.call("VM.get_VBDs", vm)).hasSize(2);
    guests.read(disk(vm, "1"), BEFORE);
    guests.read(disk(snapshot, "1"), BEFORE);
    assertThat(api.refusal("VDI.get_record", data)).first().isEqualTo("HANDLE_INVALID");
    vms.start(vm);
    guests.awaitSerial(vm, BootSector.READY, 1);
    assertThat(api.call("VM.get_is_a_template", vm)).isEqualTo(NO);
  }

  private JsonNode disk(JsonNode vm, String device) {
    for (JsonNode vbd : api.call("VM.get_VBDs", vm)) {
      if (api.read("VBD.get_userdevice", vbd).equals(device)) {
        return api.call("VBD.get_VDI", vbd);
      }
    }
    throw new AssertionError("no drive " + device);
  }
}

package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.host.qemu.BootSector;
import io.keelson.testkit.box.Domains;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One small guest through its whole life, each step seen from inside and from outside. */
@RunsOn(hosts = 0, shared = false)
@EnabledIf(value = "io.keelson.testkit.machines.Guests#possible", disabledReason = "no QEMU here")
class RealMachineTest {
  @TempDir private Path scratch;

  private final ServerBox box;
  private final Api api;
  private final Vms vms;
  private final Guests guests;

  RealMachineTest(ServerBox box) {
    this.box = box;
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
  void guestBootsFromItsDiskAndObeysThePowerButton() throws IOException {
    JsonNode vm = started();
    assertThat(api.call("VM.get_domid", vm).asInt()).isPositive();
    assertThat(api.call("VM.get_resident_on", vm)).isEqualTo(api.call("host.get_all").get(0));
    assertThat(domains(vm)).isOne();

    api.call("VM.clean_shutdown", vm);

    assertThat(powerState(vm)).isEqualTo("Halted");
    assertThat(domains(vm)).isZero();
  }

  @Test
  void pausedGuestStandsStill() throws IOException {
    JsonNode vm = started();
    api.call("VM.pause", vm);
    assertThat(powerState(vm)).isEqualTo("Paused");
    api.call("VM.unpause", vm);
    assertThat(powerState(vm)).isEqualTo("Running");
    guests.type(vm, "c");
    guests.awaitSerial(vm, "A", 1);
  }

  @Test
  void rebootStartsTheGuestAgain() throws IOException {
    JsonNode vm = started();
    api.call("VM.hard_reboot", vm);
    assertThat(powerState(vm)).isEqualTo("Running");
    guests.awaitSerial(vm, BootSector.READY, 1);
    int domid = api.call("VM.get_domid", vm).asInt();
    guests.type(vm, "r");
    awaitAnotherDomain(vm, domid);
    guests.awaitSerial(vm, BootSector.READY, 1);
    assertThat(powerState(vm)).isEqualTo("Running");
  }

  @Test
  void suspendedGuestGoesOnWhereItWas() throws IOException {
    JsonNode vm = started();
    guests.type(vm, "cc");
    guests.awaitSerial(vm, "AB", 1);

    api.call("VM.suspend", vm);
    assertThat(powerState(vm)).isEqualTo("Suspended");
    assertThat(domains(vm)).isZero();
    assertThat(api.call("VM.get_suspend_VDI", vm)).isNotEqualTo(NULL);

    api.call("VM.resume", vm, NO, NO);
    assertThat(powerState(vm)).isEqualTo("Running");
    guests.type(vm, "c");
    guests.awaitSerial(vm, "C", 1);
  }

  @Test
  void killedQemuIsACrash() throws IOException {
    JsonNode vm = started();
    api.call("VM.set_actions_after_crash", vm, text("destroy"));
    kill(vm);
    guests.awaitPowerState(vm, "Halted");
    assertThat(api.call("VM.get_resident_on", vm)).isEqualTo(NULL);
    assertThat(api.call("VM.get_domid", vm).asInt()).isEqualTo(-1);
    assertThat(api.call("VBD.get_currently_attached", api.call("VM.get_VBDs", vm).get(0)))
        .isEqualTo(NO);
  }

  @Test
  void crashedGuestIsStartedAgainWhenThatIsWanted() throws IOException {
    JsonNode vm = started();
    api.call("VM.set_actions_after_crash", vm, text("restart"));
    int domid = api.call("VM.get_domid", vm).asInt();

    guests.type(vm, "p");

    awaitAnotherDomain(vm, domid);
    guests.awaitSerial(vm, BootSector.READY, 1);
    assertThat(powerState(vm)).isEqualTo("Running");
  }

  @Test
  void powerCutLeavesNothingAndTheVmStartsAgain() throws IOException {
    JsonNode vm = started();
    JsonNode vbd = api.call("VM.get_VBDs", vm).get(0);
    assertThat(api.call("VBD.get_currently_attached", vbd)).isEqualTo(YES);
    api.call("VM.hard_shutdown", vm);
    assertThat(api.call("VBD.get_currently_attached", vbd)).isEqualTo(NO);
    assertThat(domains(vm)).isZero();
    vms.start(vm);
    guests.awaitSerial(vm, BootSector.READY, 1);
  }

  private JsonNode started() throws IOException {
    JsonNode vm = guests.bootSector(vms, scratch);
    vms.start(vm);
    guests.awaitSerial(vm, BootSector.READY, 1);
    assertThat(powerState(vm)).isEqualTo("Running");
    return vm;
  }

  /** A VM that is started again has another number. */
  private void awaitAnotherDomain(JsonNode vm, int before) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            api.call("VM.get_domid", vm).asInt() > 0
                && api.call("VM.get_domid", vm).asInt() != before);
  }

  private String powerState(JsonNode vm) {
    return api.read("VM.get_power_state", vm);
  }

  private long domains(JsonNode vm) {
    return Domains.of(box.data(), api.read("VM.get_uuid", vm)).count();
  }

  private void kill(JsonNode vm) {
    Domains.of(box.data(), api.read("VM.get_uuid", vm)).forEach(Domains::kill);
  }
}

package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.record;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.Domains;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a real Linux does with its TPM 2.0: what it stores there is there after all that happens to
 * VMs and servers, and what it has measured stays as long as it runs.
 */
@EnabledIf("io.keelson.testkit.machines.LinuxGuestTest#linuxIsThere")
class LinuxTpmTest {
  private static final String PROMPT = "keelson-guest:/#";

  /** Sends a command to the TPM, as bytes that printf knows, and prints the answer in hex. */
  private static final String ASK =
      "ask() { printf \"$1\" >/tmp/c; exec 3<>/dev/tpm0; dd if=/tmp/c bs=4096 >&3 2>/dev/null;"
          + " dd bs=4096 count=1 <&3 2>/dev/null | od -An -v -tx1 | tr -d ' \\n'; exec 3>&-; }";

  /** An empty password; and the index of a place in the TPM. */
  private static final String AUTH = "\\0\\0\\0\\011\\100\\0\\0\\011\\0\\0\\0\\0\\0";

  private static final String PLACE = "\\001\\120\\0\\040";

  /** TPM2_NV_DefineSpace of eight bytes that their owner reads and writes. */
  private static final String DEFINE =
      "\\200\\002\\0\\0\\0\\055\\0\\0\\001\\052\\100\\0\\0\\001"
          + AUTH
          + "\\0\\0\\0\\016"
          + PLACE
          + "\\0\\013\\002\\006\\0\\006\\0\\0\\0\\010";

  /** TPM2_NV_Write of "keelson1". */
  private static final String WRITE =
      "\\200\\002\\0\\0\\0\\053\\0\\0\\001\\067" + PLACE + PLACE + AUTH + "\\0\\010keelson1\\0\\0";

  /** TPM2_NV_Read of all eight bytes. */
  private static final String READ =
      "\\200\\002\\0\\0\\0\\043\\0\\0\\001\\116" + PLACE + PLACE + AUTH + "\\0\\010\\0\\0";

  private static final String STORED = "6b65656c736f6e31";

  /** TPM2_PCR_Event: measures "abc" into register 16. */
  private static final String MEASURE =
      "\\200\\002\\0\\0\\0\\040\\0\\0\\001\\074\\0\\0\\0\\020" + AUTH + "\\0\\003abc";

  private static final String MEASURED = "589F9FFED4C477966BFB8D41F37895B0";
  private static final String REGISTER = "/sys/class/tpm/tpm0/pcr-sha256/16";

  @TempDir private Path scratch;

  @Test
  void whatTheGuestStoresInItsTpmStays() throws IOException {
    try (ServerBox box = ServerBox.real(scratch).start()) {
      JsonNode vm;
      JsonNode checkpoint;
      try (Api api = box.login(Format.JSON_RPC);
          Guests guests = new Guests(box, api)) {
        Vms vms = new Vms(api);
        vm = api.call("VM.clone", vms.template("Built-in Linux"), text("sealed"));
        api.call("VM.provision", vm);
        ObjectNode wanted = record();
        wanted.set("VM", vm);
        wanted.set("backend", NULL);
        api.call("VTPM.create", wanted);
        api.call("VM.start", vm, NO, NO);
        guests.awaitSerial(vm, PROMPT, 1);
        guests.say(vm, "grep -x 2 /sys/class/tpm/tpm0/tpm_version_major");
        guests.say(vm, ASK);
        for (String command : List.of(DEFINE, WRITE, MEASURE)) {
          guests.say(vm, "ask '" + command + "' | grep -q '^8002........00000000'");
        }
        both(guests, vm);
        checkpoint = api.call("VM.checkpoint", vm, text("sealed and measured"));
        both(guests, vm);
        api.call("VM.suspend", vm);
        api.call("VM.resume", vm, NO, NO);
        both(guests, vm);
        JsonNode here = api.call("VM.get_resident_on", vm);
        api.call("VM.pool_migrate", vm, here, map(Map.of("live", "true")));
        both(guests, vm);
      }
      box.kill();
      box.start();
      try (Api api = box.login(Format.JSON_RPC);
          Guests guests = new Guests(box, api)) {
        both(guests, vm);
        // What is stored after a move is stored where the next start finds it.
        guests.say(
            vm,
            "ask '"
                + WRITE.replace("keelson1", "keelson2")
                + "' | grep -q '^8002........00000000'");
        api.call("VM.hard_reboot", vm);
        afterBoot(guests, vm, 1, STORED.replace("31", "32"));
        Path archive = exported(api, guests, box, vm, scratch.resolve("sealed.xva"));
        JsonNode copy =
            text(new Archives(box, api).send("/import?force=false", archive).getFirst());
        api.call("VM.start", copy, NO, NO);
        afterBoot(guests, copy, 1, STORED.replace("31", "32"));
        api.call("VM.hard_shutdown", copy);
        api.call("VM.destroy", api.call("VM.get_snapshots", copy).get(0));
        api.call("VM.destroy", copy);
        api.call("VM.revert", checkpoint);
        api.call("VM.resume", vm, NO, NO);
        both(guests, vm);
        api.call("VM.hard_shutdown", vm);
        api.call("VM.destroy", checkpoint);
        api.call("VM.destroy", vm);
      }
      assertThat(box.data().resolve("tpm")).isEmptyDirectory();
    } finally {
      // Their QEMUs name no disk by which the box would know them.
      ProcessHandle.allProcesses().filter(this::isOfThisTest).forEach(Domains::kill);
    }
  }

  private boolean isOfThisTest(ProcessHandle process) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd"))
          .startsWith(scratch.toRealPath().resolve("data/run/domains"));
    } catch (IOException _) {
      return false;
    }
  }

  private static Path exported(Api api, Guests guests, ServerBox box, JsonNode vm, Path file)
      throws IOException {
    guests.close();
    api.call("VM.hard_shutdown", vm);
    String uuid = api.read("VM.get_uuid", vm);
    Path archive = new Archives(box, api).fetch("/export?uuid=" + uuid, file);
    assertThat(Files.size(archive)).isPositive();
    return archive;
  }

  /** What is stored is there, and what was measured since the boot. */
  private static void both(Guests guests, JsonNode vm) throws IOException {
    guests.say(vm, "ask '" + READ + "' | grep -q " + STORED);
    guests.say(vm, "grep -q " + MEASURED + " " + REGISTER);
  }

  private static void afterBoot(Guests guests, JsonNode vm, int prompts, String stored)
      throws IOException {
    guests.awaitSerial(vm, PROMPT, prompts);
    guests.say(vm, ASK);
    guests.say(vm, "ask '" + READ + "' | grep -q " + stored);
    guests.say(vm, "! grep -q " + MEASURED + " " + REGISTER);
  }
}

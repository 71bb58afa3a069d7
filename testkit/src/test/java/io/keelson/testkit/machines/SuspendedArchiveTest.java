package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.qemu.BootSector;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A suspended VM travels with its memory, and its guest goes on where it was. */
@RunsOn(hosts = 0, shared = false)
@EnabledIf(value = "io.keelson.testkit.machines.Guests#possible", disabledReason = "no QEMU here")
class SuspendedArchiveTest {
  private static final String EXPORT = "/export?preserve_power_state=true&uuid=";

  /** What a memory image begins with, and what none does. */
  private static final String MAGIC = "KEELSUSP";

  private static final String SPOILT = "keelsusp";

  @TempDir private Path scratch;

  private final ServerBox box;
  private final Api api;
  private final Vms vms;
  private final Guests guests;
  private final Archives archives;

  SuspendedArchiveTest(ServerBox box) {
    this.box = box;
    this.api = box.login(Format.JSON_RPC);
    this.vms = new Vms(api);
    this.guests = new Guests(box, api);
    this.archives = new Archives(box, api);
  }

  /** A suspended guest that has counted to B, and its archive. */
  private JsonNode vm;

  private Path archive;

  @BeforeEach
  void suspend() throws IOException {
    vm = guests.bootSector(vms, scratch);
    api.call("VIF.create", Vms.vifRecord(vm, vms.network("its own"), "0", ""));
    vms.start(vm);
    guests.awaitSerial(vm, BootSector.READY, 1);
    guests.type(vm, "cc");
    guests.awaitSerial(vm, "AB", 1);
    api.call("VM.suspend", vm);
    String uuid = api.read("VM.get_uuid", vm);
    archive = archives.fetch(EXPORT + uuid, scratch.resolve("suspended.xva"));
  }

  @AfterEach
  void tidy() throws IOException {
    guests.close();
    vms.close();
    api.close();
  }

  @Test
  void theGuestGoesOnWhereItWas() throws IOException {
    assertThat(api.call("VM.get_current_operations", vm)).isEmpty();
    JsonNode image = api.call("VM.get_suspend_VDI", vm);
    assertThat(api.call("VDI.get_current_operations", image)).isEmpty();
    String uuid = api.read("VM.get_uuid", vm);
    String address = address(vm);
    resumes(vm, "C");
    assertThat(archives.refused("/import?restore=true", Files.readAllBytes(archive)))
        .startsWith("VM_BAD_POWER_STATE");
    api.call("VM.hard_shutdown", vm);

    JsonNode back = vms.kept(text(archives.send("/import?restore=true", archive).getFirst()));
    assertThat(api.read("VM.get_uuid", back)).isEqualTo(uuid);
    assertSuspended(back);
    resumes(back, "C");
    assertThat(address(back)).isEqualTo(address);
    api.call("VM.hard_shutdown", back);

    JsonNode card = api.call("VM.get_VIFs", back).get(0);
    api.call("VIF.destroy", card);
    JsonNode copy = vms.kept(text(archives.send("/import?restore=false", archive).getFirst()));
    assertThat(api.read("VM.get_uuid", copy)).isNotEqualTo(uuid);
    assertSuspended(copy);
    assertThat(address(copy)).isEqualTo(address);
    resumes(copy, "C");
  }

  /** Without its memory it comes back halted. */
  @Test
  void itIsHaltedWhenItNeedNotStaySuspended() throws IOException {
    Path halted =
        archives.fetch(
            "/export?uuid=" + api.read("VM.get_uuid", vm), scratch.resolve("halted.xva"));
    JsonNode copy = vms.kept(text(archives.send("/import?restore=false", halted).getFirst()));
    assertThat(api.read("VM.get_power_state", copy)).isEqualTo("Halted");
    assertThat(api.call("VM.get_suspend_VDI", copy)).isEqualTo(NULL);
    assertThat(address(copy)).isNotEqualTo(address(vm));
    vms.start(copy);
    guests.awaitSerial(copy, BootSector.READY, 1);
  }

  @Test
  void checkpointsBringTheirMemory() throws IOException {
    resumes(vm, "C");
    api.call("VM.checkpoint", vm, text("then"));
    vms.kept(api.call("VM.get_snapshots", vm).get(0));
    api.call("VM.hard_shutdown", vm);
    Path both = archives.fetch(EXPORT + api.read("VM.get_uuid", vm), scratch.resolve("both.xva"));
    JsonNode copy = vms.kept(text(archives.send("/import?restore=false", both).getFirst()));
    JsonNode then = vms.kept(api.call("VM.get_snapshots", copy).get(0));
    assertThat(api.read("VM.get_power_state", copy)).isEqualTo("Halted");
    assertSuspended(then);
    api.call("VM.revert", then);
    assertSuspended(copy);
    resumes(copy, "D");
  }

  @Test
  void whatCannotGoOnHereIsRefusedAndLeavesNothingBehind() throws IOException {
    byte[] whole = Files.readAllBytes(archive);
    Map<String, Integer> before = everything();
    assertThat(refusal(whole)).contains("address").contains(address(vm));
    assertThat(everything()).isEqualTo(before);
    api.call("VM.hard_shutdown", vm);
    api.call("VIF.destroy", api.call("VM.get_VIFs", vm).get(0));
    Map<String, Integer> after = everything();

    byte[] spoilt = changed(whole, MAGIC, SPOILT);
    assertThat(archives.refused("/import?restore=false", spoilt))
        .startsWith("IMPORT_ERROR_SOME_CHECKSUMS_FAILED");
    byte[] foreign = changed(spoilt, sum(whole, MAGIC), sum(spoilt, SPOILT));
    assertThat(refusal(foreign)).contains("no complete suspend image");
    byte[] larger = member(whole, "VCPUs_max", "1", "2");
    assertThat(refusal(larger)).contains("another machine");
    byte[] elsewhere = member(whole, "power_state", "Suspended", "Suspende");
    assertThat(refusal(elsewhere)).contains("power_state");
    assertThat(everything()).isEqualTo(after);

    Path forced = Files.write(scratch.resolve("spoilt.xva"), spoilt);
    JsonNode copy = vms.kept(text(archives.send("/import?force=true", forced).getFirst()));
    assertThat(api.read("VM.get_power_state", copy)).isEqualTo("Halted");
    assertThat(api.call("VM.get_suspend_VDI", copy)).isEqualTo(NULL);
    vms.start(copy);
    guests.awaitSerial(copy, BootSector.READY, 1);
  }

  /** The checksum of the file that begins with that text. */
  private static String sum(byte[] archived, String beginning) {
    String text = new String(archived, ISO_8859_1);
    int start = text.indexOf(beginning);
    int length =
        Integer.parseInt(text.substring(start - 388, start - 377), 8); // as its header says
    return ArchiveTest.sha1(Arrays.copyOfRange(archived, start, start + length));
  }

  private String refusal(byte[] archived) {
    List<String> refusal = archives.refused("/import?restore=false", archived);
    assertThat(refusal).first().isEqualTo("IMPORT_ERROR");
    return String.join(" ", refusal);
  }

  /** The description with another value, in a file of the same length. */
  private static byte[] member(byte[] archived, String name, String from, String to) {
    String before = "<member><name>" + name + "</name><value>" + from + "</value></member>";
    String after = "<member><name>" + name + "</name><value>" + to + "</value></member>";
    return changed(archived, before, after + " ".repeat(before.length() - after.length()));
  }

  private static byte[] changed(byte[] archived, String from, String to) {
    String text = new String(archived, ISO_8859_1);
    assertThat(text.contains(from)).as(from).isTrue();
    return text.replace(from, to).getBytes(ISO_8859_1);
  }

  private void assertSuspended(JsonNode suspended) {
    assertThat(api.read("VM.get_power_state", suspended)).isEqualTo("Suspended");
    JsonNode image = api.call("VM.get_suspend_VDI", suspended);
    assertThat(api.read("VDI.get_type", image)).isEqualTo("suspend");
    JsonNode drive = api.call("VM.get_VBDs", suspended).get(0);
    assertThat(api.call("VBD.get_currently_attached", drive)).isEqualTo(YES);
  }

  private void resumes(JsonNode suspended, String next) throws IOException {
    api.call("VM.resume", suspended, NO, NO);
    guests.type(suspended, "c");
    guests.awaitSerial(suspended, next, 1);
    assertThat(api.call("VM.get_suspend_VDI", suspended)).isEqualTo(NULL);
  }

  private String address(JsonNode of) {
    return api.read("VIF.get_MAC", api.call("VM.get_VIFs", of).get(0));
  }

  /** How many objects and files there are. */
  private Map<String, Integer> everything() throws IOException {
    Map<String, Integer> counts = new HashMap<>();
    for (String name : List.of("VM", "VDI", "VBD", "VIF", "network", "VM_metrics")) {
      counts.put(name, api.call(name + ".get_all").size());
    }
    try (Stream<Path> files = Files.walk(box.data().resolve("sr"))) {
      counts.put("files", (int) files.filter(Files::isRegularFile).count());
    }
    return counts;
  }
}

package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.host.qemu.BootSector;
import io.keelson.testkit.box.Domains;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The server is killed while it keeps the core of a guest that crashed; the next one keeps it. */
@EnabledIf(value = "io.keelson.testkit.machines.Guests#possible", disabledReason = "no QEMU here")
class CoreDumpDeathTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  /** How far the work has come when the server is killed. */
  private enum Moment {
    /** QEMU writes the memory. */
    WRITING,
    /** The repository holds the beginning of a disk that no record knows. */
    COPYING,
    /** The core is recorded, or is about to be; what becomes of the VM is not decided. */
    COPIED
  }

  @Test
  void oneWholeCoreIsKeptAndTheVmIsAsItsSettingSays() throws Exception {
    try (ServerBox box = ServerBox.real(folder).start()) {
      JsonNode vm;
      try (Api api = box.login(Format.JSON_RPC);
          Guests guests = new Guests(box, api)) {
        vm = guests.bootSector(new Vms(api), folder);
      }
      for (Moment moment : EnumSet.of(Moment.WRITING, Moment.COPYING)) {
        assertThat(crashedAndKilled(box, vm, "coredump_and_destroy", moment)).isPositive();
        try (Api api = box.start().login(Format.JSON_RPC)) {
          await(moment.toString()).atMost(PATIENCE).until(() -> power(api, vm).equals("Halted"));
          assertThat(Domains.under(box.data())).isEmpty();
          assertThat(box.data().resolve("run/domains").resolve(uuid(api, "VM", vm))).doesNotExist();
          checkCore(box, api, vm);
        }
      }
      for (Moment moment : EnumSet.of(Moment.COPYING, Moment.COPIED)) {
        long domid = crashedAndKilled(box, vm, "coredump_and_restart", moment);
        try (Api api = box.start().login(Format.JSON_RPC);
            Guests guests = new Guests(box, api)) {
          await(moment.toString())
              .atMost(PATIENCE)
              .until(() -> api.call("VM.get_domid", vm).asLong() > domid);
          guests.awaitSerial(vm, BootSector.READY, 1);
          assertThat(power(api, vm)).isEqualTo("Running");
          assertThat(Domains.under(box.data())).hasSize(1);
          api.call("VM.hard_shutdown", vm);
          checkCore(box, api, vm);
        }
      }
    }
  }

  /**
   * Starts the guest and has it crash.
   *
   * @return the domid of the run that crashed
   */
  private static long crashedAndKilled(ServerBox box, JsonNode vm, String action, Moment moment)
      throws Exception {
    Api api = box.login(Format.JSON_RPC); // nobody can log out in the end
    Guests guests = new Guests(box, api);
    api.call("VM.set_actions_after_crash", vm, text(action));
    api.call("VM.start", vm, NO, NO);
    guests.awaitSerial(vm, BootSector.READY, 1);
    long domid = api.call("VM.get_domid", vm).asLong();
    Path core = box.data().resolve("run/domains").resolve(uuid(api, "VM", vm)).resolve("core");
    List<String> before = images(box);
    guests.type(vm, "p");
    await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() ->
            switch (moment) {
              case WRITING -> Files.exists(core);
              case COPYING -> !images(box).equals(before);
              case COPIED -> !api.call("VM.get_crash_dumps", vm).isEmpty();
            });
    box.kill();
    guests.close();
    return domid;
  }

  /** There is one core, and it is whole. Takes it away. */
  private static void checkCore(ServerBox box, Api api, JsonNode vm) throws Exception {
    JsonNode record = api.call("VM.get_record", vm);
    assertThat(record.get("current_operations")).isEmpty();
    assertThat(record.get("crash_dumps")).hasSize(1);
    assertThat(api.call("crashdump.get_all")).hasSize(1);
    JsonNode dump = record.get("crash_dumps").get(0);
    JsonNode vdi = api.call("crashdump.get_VDI", dump);
    String image = new Guests(box, api).file(vdi).toRealPath().toString();
    check("check", "-q", "-f", "qcow2", image);
    Path elf = box.data().resolve("core.elf");
    check("convert", "-f", "qcow2", "-O", "raw", image, elf.toString());
    assertThat(Files.readAllBytes(elf))
        .startsWith(0x7f, 'E', 'L', 'F')
        .hasSizeGreaterThan(32 << 20);
    wholeRepository(box, api);
    api.call("crashdump.destroy", dump);
    assertThat(api.call("VM.get_crash_dumps", vm)).isEmpty();
    wholeRepository(box, api);
  }

  /** Each disk has its image, and there is no other. */
  private static void wholeRepository(ServerBox box, Api api) throws IOException {
    Guests guests = new Guests(box, api);
    JsonNode sr = new Vms(api).defaultSr();
    assertThat(api.call("SR.get_current_operations", sr)).isEmpty();
    JsonNode before = api.call("VDI.get_all");
    api.call("SR.scan", sr);
    assertThat(api.call("VDI.get_all")).containsExactlyInAnyOrderElementsOf(before);
    List<String> disks = new ArrayList<>();
    List<String> held = new ArrayList<>();
    for (JsonNode vdi : api.call("SR.get_VDIs", sr)) {
      Path file = guests.file(vdi);
      disks.add(file.getFileName().toString());
      held.add(file.toRealPath().getFileName().toString());
    }
    assertThat(images(box))
        .containsExactlyInAnyOrderElementsOf(Stream.concat(disks.stream(), held.stream()).toList());
  }

  /** The names of the images that repositories hold, and of the disks that show them. */
  private static List<String> images(ServerBox box) throws IOException {
    try (Stream<Path> files = Files.walk(box.data().resolve("sr"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[0-9a-f-]{36}\\..*"))
          .sorted()
          .toList();
    }
  }

  private static void check(String... arguments) throws Exception {
    List<String> command = Stream.concat(Stream.of("qemu-img"), Stream.of(arguments)).toList();
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  private static String power(Api api, JsonNode vm) {
    return api.read("VM.get_power_state", vm);
  }

  private static String uuid(Api api, String apiClass, JsonNode of) {
    return api.read(apiClass + ".get_uuid", of);
  }
}

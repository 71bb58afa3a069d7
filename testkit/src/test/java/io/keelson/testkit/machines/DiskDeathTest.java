package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.number;
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
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The server, a guest's QEMU or both are killed within all that is done to disks. The instant is at
 * random on purpose: whatever it is, records and images correspond, each image is sound, and each
 * disk holds what it held.
 */
@EnabledIf(value = "io.keelson.testkit.machines.Guests#possible", disabledReason = "no QEMU here")
class DiskDeathTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int MOST_LOOKS = 25;
  private static final boolean EVERY_DEATH = Boolean.getBoolean("keelson.every.death");

  enum Work {
    SNAPSHOT,
    RESIZE,
    COALESCE,
    MOVE_DISK,
    MIGRATE,
    REVERT,
    CLONE
  }

  enum Victim {
    SERVER,
    QEMU,
    BOTH
  }

  @TempDir private Path folder;
  private int patterns;

  @Test
  void everyImageIsSoundAndHoldsWhatItShould() throws Exception {
    try (ServerBox box = ServerBox.real(folder).start()) {
      JsonNode vm;
      Map<JsonNode, String> held = new HashMap<>();
      try (Api api = box.login(Format.JSON_RPC);
          Guests guests = new Guests(box, api)) {
        Vms vms = new Vms(api);
        vm = guests.bootSector(vms, folder);
        vms.drive(vm, vms.disk(), "1");
        api.call("VM.set_actions_after_crash", vm, text("destroy"));
        fill(guests, api, vm, held);
        held.put(api.call("VM.snapshot", vm, text("first")), held.get(vm));
      }
      for (Work work : Work.values()) {
        for (Victim victim : victims(work)) {
          round(box, vm, held, work, victim);
        }
      }
      try (Api api = box.login(Format.JSON_RPC);
          Guests guests = new Guests(box, api)) {
        api.call("VM.start", vm, NO, NO);
        guests.awaitSerial(vm, BootSector.READY, 1);
        api.call("VM.hard_shutdown", vm);
      }
    }
  }

  /** Who dies in a piece of work: all kinds of victims, or one of them. */
  private static List<Victim> victims(Work work) {
    List<Victim> victims = new ArrayList<>(List.of(Victim.values()));
    if (work == Work.REVERT || work == Work.CLONE) {
      victims.remove(Victim.QEMU); // there is none in it
    }
    Collections.shuffle(victims);
    return EVERY_DEATH ? victims : victims.subList(0, 1);
  }

  /** Gives the VM's second disk other contents. */
  private void fill(Guests guests, Api api, JsonNode vm, Map<JsonNode, String> held)
      throws IOException {
    String pattern = Integer.toString(++patterns);
    guests.write(data(api, vm), pattern);
    held.put(vm, pattern);
  }

  private void round(
      ServerBox box, JsonNode vm, Map<JsonNode, String> held, Work work, Victim victim)
      throws Exception {
    String what = victim + " was killed within " + work;
    Api api = box.login(Format.JSON_RPC);
    JsonNode reverted = text("");
    try (Guests guests = new Guests(box, api)) {
      fill(guests, api, vm, held);
      if (work != Work.CLONE) {
        api.call("VM.start", vm, NO, NO);
        guests.awaitSerial(vm, BootSector.READY, 1);
      }
      JsonNode snapshot = api.call("VM.get_snapshots", vm).get(0);
      reverted = work == Work.REVERT ? snapshot : reverted;
      JsonNode task =
          switch (work) {
            case SNAPSHOT -> api.call("Async.VM.snapshot", vm, text("under way"));
            case RESIZE ->
                api.call("Async.VDI.resize_online", data(api, vm), number((4L + patterns) << 20));
            case COALESCE -> coalescing(api, vm);
            case MOVE_DISK ->
                api.call(
                    "Async.VDI.pool_migrate",
                    data(api, vm),
                    new Vms(api).defaultSr(),
                    map(Map.of()));
            case MIGRATE ->
                api.call(
                    "Async.VM.pool_migrate", vm, api.call("VM.get_resident_on", vm), map(Map.of()));
            case REVERT -> api.call("Async.VM.revert", snapshot);
            case CLONE -> api.call("Async.VM.clone", vm, text("clone"));
          };
      String uuid = api.read("VM.get_uuid", vm);
      for (int looks = ThreadLocalRandom.current().nextInt(MOST_LOOKS); looks > 0; looks--) {
        api.call("task.get_status", task);
      }
      if (victim != Victim.QEMU) {
        box.kill();
      }
      if (victim != Victim.SERVER) {
        Domains.of(box.data(), uuid).forEach(Domains::kill);
      }
      if (victim != Victim.QEMU) {
        box.start();
      }
      api = victim == Victim.QEMU ? api : box.login(Format.JSON_RPC);
      ends(api, vm, task, what);
    }
    try (Guests guests = new Guests(box, api)) {
      check(box, api, guests, vm, held, reverted, what);
    }
    api.close();
  }

  /** A level less in the chains of both disks; what is made of that in time is the server's. */
  private static JsonNode coalescing(Api api, JsonNode vm) {
    JsonNode label = text("Garbage Collection");
    JsonNode snapshot = api.call("VM.snapshot", vm, text("to be merged"));
    int before = api.call("task.get_by_name_label", label).size();
    List<JsonNode> disks =
        api.call("VM.get_VBDs", snapshot)
            .valueStream()
            .map(vbd -> api.call("VBD.get_VDI", vbd))
            .toList();
    api.call("VM.destroy", snapshot);
    disks.forEach(disk -> api.call("VDI.destroy", disk));
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> api.call("task.get_by_name_label", label).size() > before);
    JsonNode tasks = api.call("task.get_by_name_label", label);
    return tasks.get(tasks.size() - 1);
  }

  /** What was under way ends one way or the other, and so does the machine. */
  private static void ends(Api api, JsonNode vm, JsonNode task, String what) {
    await(what).atMost(PATIENCE).until(() -> !api.read("task.get_status", task).equals("pending"));
    await(what)
        .atMost(PATIENCE)
        .until(() -> {
          api.answer("VM.hard_shutdown", vm);
          return api.read("VM.get_power_state", vm).equals("Halted");
        });
  }

  private static void check(
      ServerBox box,
      Api api,
      Guests guests,
      JsonNode vm,
      Map<JsonNode, String> held,
      JsonNode reverted,
      String what)
      throws IOException {
    // Merges go on meanwhile, and have an image to themselves.
    await(what).atMost(PATIENCE).ignoreExceptions().until(() -> sound(box.data().resolve("sr")));
    for (String apiClass : new String[] {"VM", "VDI", "VBD"}) {
      for (JsonNode record : api.call(apiClass + ".get_all_records")) {
        assertThat(record.get("current_operations")).as(what).isEmpty();
      }
    }
    JsonNode disks = api.call("VDI.get_all");
    api.call("SR.scan", new Vms(api).defaultSr());
    assertThat(api.call("VDI.get_all"))
        .as(what)
        .containsExactlyInAnyOrderElementsOf(disks.valueStream().toList());
    String before = held.getOrDefault(vm, "");
    Stream.concat(
            api.call("VM.get_snapshots", vm).valueStream(),
            api.call("VM.get_by_name_label", text("clone")).valueStream())
        .forEach(copy -> held.putIfAbsent(copy, before));
    String then = held.getOrDefault(reverted, before);
    for (Map.Entry<JsonNode, String> each : held.entrySet()) {
      JsonNode disk = data(api, each.getKey());
      List<String> may =
          each.getKey().equals(vm) ? List.of(before, then) : List.of(each.getValue());
      await(what).atMost(PATIENCE).until(() -> holdsOneOf(guests, disk, may));
    }
  }

  private static boolean holdsOneOf(Guests guests, JsonNode disk, List<String> patterns) {
    for (String pattern : patterns) {
      try {
        guests.read(disk, pattern);
        return true;
      } catch (IOException _) {
        // Another one, or a merge is at it.
      }
    }
    return false;
  }

  /** Space that nobody uses may be left by a kill, damage may not. */
  private static boolean sound(Path repositories) throws IOException, InterruptedException {
    List<Path> images;
    try (Stream<Path> files = Files.walk(repositories)) {
      images =
          files
              .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
              .filter(file -> file.toString().endsWith(".qcow2"))
              .toList();
    }
    for (Path image : images) {
      Process check =
          new ProcessBuilder("qemu-img", "check", "-q", "-f", "qcow2", image.toString())
              .redirectErrorStream(true)
              .start();
      check.getInputStream().readAllBytes();
      int status = check.waitFor();
      if (status != 0 && status != 3) {
        return false;
      }
    }
    return !images.isEmpty();
  }

  private static JsonNode data(Api api, JsonNode vm) {
    return api.call("VM.get_VBDs", vm)
        .valueStream()
        .filter(vbd -> api.read("VBD.get_userdevice", vbd).equals("1"))
        .map(vbd -> api.call("VBD.get_VDI", vbd))
        .findFirst()
        .orElseThrow();
  }
}

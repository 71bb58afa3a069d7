package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.strings;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.host.qemu.BootSector;
import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** However snapshots follow on each other, guests read from each disk what was written then. */
@RunsOn(hosts = 0)
@EnabledIf(value = "io.keelson.testkit.machines.Guests#possible", disabledReason = "no QEMU here")
class SnapshotWalkTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int STEPS = 16;
  private static final int MOST_SNAPSHOTS = 4;

  enum Step {
    WRITE,
    SNAPSHOT,
    CHECKPOINT,
    REVERT,
    DESTROY,
    CLONE
  }

  /**
   * What a VM or a snapshot should be.
   *
   * @param note what its guest reads
   * @param parent what it followed on in the history
   */
  private record Held(char note, JsonNode parent) {}

  @TempDir private Path scratch;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final Map<JsonNode, Held> snapshots = new LinkedHashMap<>();
  private final List<JsonNode> clones = new ArrayList<>();
  private final Api api;
  private final Vms vms;
  private final Guests guests;
  private JsonNode vm = NULL;
  private Held now = new Held('A', NULL);

  SnapshotWalkTest(ServerBox box) {
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
  void guestsReadWhatWasWrittenThen() throws IOException {
    vm = guests.bootSector(vms, scratch);
    write();
    for (int i = 0; i < STEPS; i++) {
      Step step = Step.values()[random.nextInt(Step.values().length)];
      take(step);
      checkTree(step + " of seed " + seed);
    }
    reads(vm, now.note());
    List<JsonNode> all = new ArrayList<>(snapshots.keySet());
    for (JsonNode snapshot : all) {
      JsonNode copy = vms.kept(api.call("VM.clone", snapshot, text("a copy")));
      api.call("VM.set_is_a_template", copy, NO);
      reads(copy, snapshots.getOrDefault(snapshot, now).note());
    }
  }

  private void take(Step step) throws IOException {
    switch (step) {
      case WRITE -> write();
      case SNAPSHOT, CHECKPOINT -> {
        if (snapshots.size() < MOST_SNAPSHOTS) {
          if (step == Step.CHECKPOINT) {
            run(vm);
          }
          String message = step == Step.CHECKPOINT ? "VM.checkpoint" : "VM.snapshot";
          JsonNode made = vms.kept(api.call(message, vm, text("then")));
          snapshots.put(made, now);
          now = new Held(now.note(), made);
        }
      }
      case REVERT -> {
        if (!snapshots.isEmpty()) {
          JsonNode snapshot = any();
          api.call("VM.revert", snapshot);
          now = new Held(snapshots.getOrDefault(snapshot, now).note(), snapshot);
          api.answer("VM.hard_shutdown", vm); // one that was reverted to a checkpoint is suspended
        }
      }
      case DESTROY -> {
        if (!snapshots.isEmpty()) {
          destroy(any());
        }
      }
      case CLONE -> {
        if (clones.isEmpty()) {
          halt(vm);
          JsonNode clone = vms.kept(api.call("VM.clone", vm, text("clone")));
          clones.add(clone);
          reads(clone, now.note());
        }
      }
    }
  }

  private JsonNode any() {
    return List.copyOf(snapshots.keySet()).get(random.nextInt(snapshots.size()));
  }

  private void destroy(JsonNode snapshot) {
    List<JsonNode> disks =
        api.call("VM.get_VBDs", snapshot)
            .valueStream()
            .map(vbd -> api.call("VBD.get_VDI", vbd))
            .toList();
    api.call("VM.destroy", snapshot);
    disks.forEach(disk -> api.call("VDI.destroy", disk));
    Held was = snapshots.remove(snapshot);
    JsonNode before = was == null ? NULL : was.parent();
    snapshots.replaceAll(
        (_, held) -> held.parent().equals(snapshot) ? new Held(held.note(), before) : held);
    now = now.parent().equals(snapshot) ? new Held(now.note(), before) : now;
  }

  private void checkTree(String when) {
    assertThat(strings(api.call("VM.get_snapshots", vm)))
        .as(when)
        .containsExactlyInAnyOrderElementsOf(
            snapshots.keySet().stream().map(JsonNode::asString).toList());
    assertThat(api.call("VM.get_parent", vm)).as(when).isEqualTo(now.parent());
    snapshots.forEach((snapshot, held) -> {
      assertThat(api.call("VM.get_parent", snapshot)).as(when).isEqualTo(held.parent());
      assertThat(api.call("VM.get_snapshot_of", snapshot)).as(when).isEqualTo(vm);
      List<String> children =
          snapshots.entrySet().stream()
              .filter(other -> other.getValue().parent().equals(snapshot))
              .map(other -> other.getKey().asString())
              .toList();
      assertThat(strings(api.call("VM.get_children", snapshot)))
          .as(when)
          .containsAll(children)
          .hasSize(children.size() + (now.parent().equals(snapshot) ? 1 : 0));
    });
  }

  /** The guest writes a letter that it has counted up to. */
  private void write() throws IOException {
    halt(vm);
    run(vm);
    int count = 1 + random.nextInt(20);
    guests.type(vm, "c".repeat(count) + "w");
    guests.awaitSerial(vm, "w", 1);
    now = new Held((char) ('A' + count), now.parent());
  }

  private void reads(JsonNode machine, char note) throws IOException {
    halt(machine);
    run(machine);
    int before = guests.serial(machine).length();
    guests.type(machine, "d");
    await("seed " + seed).atMost(PATIENCE).until(() -> guests.serial(machine).length() > before);
    assertThat(guests.serial(machine).charAt(before)).as("seed " + seed).isEqualTo(note);
    halt(machine);
  }

  private void run(JsonNode machine) {
    if (api.read("VM.get_power_state", machine).equals("Halted")) {
      api.call("VM.start", machine, NO, NO);
      guests.awaitSerial(machine, BootSector.READY + "\r\n", 1);
    }
  }

  private void halt(JsonNode machine) throws IOException {
    guests.close();
    switch (api.read("VM.get_power_state", machine)) {
      case "Halted" -> {}
      case "Running" -> api.call("VM.clean_shutdown", machine); // what was written is kept
      default -> api.call("VM.hard_shutdown", machine);
    }
  }
}

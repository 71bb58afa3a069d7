package io.keelson.testkit.cli;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.number;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks as such: the commands of vdi. */
class VdiCommandsTest {
  @TempDir private static Path folder;
  private static ServerBox box;
  private static Xe xe;
  private static String sr;
  private static String other;

  @BeforeAll
  static void start() {
    box = ServerBox.simulated(folder, 1).start();
    xe = Xe.of(box);
    sr = xe.line("sr-list", "content-type=user", "params=uuid", "--minimal");
    try (Api api = box.login(Format.JSON_RPC)) {
      other =
          api.read(
              "SR.get_uuid",
              api.call(
                  "SR.create",
                  api.call("host.get_all").get(0),
                  map(Map.of("location", folder.resolve("other").toString())),
                  number(0),
                  text("other"),
                  text(""),
                  text("file"),
                  text("user"),
                  NO,
                  map(Map.of())));
    }
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  private static String disk(String name) {
    return xe.line("vdi-create", "sr-uuid=" + sr, "name-label=" + name, "virtual-size=8MiB");
  }

  private static String get(String vdi, String name) {
    return xe.line("vdi-param-get", "uuid=" + vdi, "param-name=" + name);
  }

  @Test
  void aDiskIsMadeAsItIsAskedFor() {
    String vdi =
        xe.line(
            "vdi-create",
            "sr-uuid=" + sr,
            "name-label=made",
            "virtual-size=1GiB",
            "type=system",
            "sharable=true",
            "sm-config:hint=here",
            "tags:red");
    assertThat(get(vdi, "virtual-size")).isEqualTo("1073741824");
    assertThat(get(vdi, "type")).isEqualTo("System");
    assertThat(get(vdi, "sharable")).isEqualTo("true");
    assertThat(get(vdi, "sm-config")).contains("hint: here");
    assertThat(get(vdi, "tags")).isEqualTo("red");
    assertThat(get(disk("usual"), "type")).isEqualTo("User");
    assertThat(
            xe.refusal(
                "vdi-create", "sr-uuid=" + sr, "name-label=x", "virtual-size=1GiB", "type=floppy"))
        .isEqualTo("Error: Unknown vdi type: floppy\n");
    xe.ok("vdi-update", "uuid=" + vdi);
    xe.ok("vdi-destroy", "uuid=" + vdi);
    assertThat(xe.refusal("vdi-destroy", "uuid=" + vdi)).contains(vdi);
  }

  @Test
  void aDiskGrows() {
    String vdi = disk("small");
    xe.ok("vdi-resize", "uuid=" + vdi, "disk-size=32MiB");
    assertThat(get(vdi, "virtual-size")).isEqualTo("33554432");
    assertThat(xe.refusal("vdi-resize", "uuid=" + vdi, "disk-size=32m")).contains("'disk-size'");
    assertThat(xe.refusal("vdi-resize", "uuid=" + vdi, "disk-size=1MiB")).isNotEmpty();
    String vm = xe.line("vm-install", "template=Other install media", "new-name-label=grows");
    xe.ok("vbd-create", "vm-uuid=" + vm, "device=0", "vdi-uuid=" + vdi);
    xe.ok("vm-start", "uuid=" + vm);
    assertThat(xe.refusal("vdi-resize", "uuid=" + vdi, "disk-size=64MiB")).contains(vdi);
    xe.ok("vdi-resize", "uuid=" + vdi, "disk-size=64MiB", "online=true");
    xe.ok("vm-shutdown", "uuid=" + vm, "--force");
  }

  @Test
  void disksAreClonedCopiedAndKept() {
    String vdi = disk("original");
    String clone =
        xe.line("vdi-clone", "uuid=" + vdi, "new-name-label=twin", "new-name-description=alike");
    assertThat(get(clone, "name-label")).isEqualTo("twin");
    assertThat(get(clone, "name-description")).isEqualTo("alike");
    String snapshot = xe.line("vdi-snapshot", "uuid=" + vdi);
    assertThat(get(snapshot, "snapshot-of")).isEqualTo(vdi);
    String copy = xe.line("vdi-copy", "uuid=" + vdi, "sr-uuid=" + other);
    assertThat(get(copy, "sr-name-label")).isEqualTo("other");
    assertThat(xe.line("vdi-copy", "uuid=" + vdi, "into-vdi-uuid=" + copy)).isEqualTo(copy);
    assertThat(xe.refusal("vdi-copy", "uuid=" + vdi))
        .startsWith("Error: Please specify one but not both of: a destination sr-uuid");
    assertThat(xe.refusal("vdi-copy", "uuid=" + vdi, "sr-uuid=" + vdi)).contains(vdi);
  }

  @Test
  void aDiskIsForgottenAndIntroducedAgain() {
    String vdi = disk("lost and found");
    String location = get(vdi, "location");
    xe.ok("vdi-forget", "uuid=" + vdi);
    assertThat(xe.line("vdi-list", "uuid=" + vdi, "--minimal")).isEmpty();
    assertThat(
            xe.line(
                "vdi-introduce",
                "uuid=" + vdi,
                "sr-uuid=" + sr,
                "type=user",
                "location=" + location,
                "name-label=found",
                "name-description=where it was",
                "other-config:colour=blue"))
        .isEqualTo(vdi);
    assertThat(get(vdi, "name-label")).isEqualTo("found");
    assertThat(get(vdi, "other-config")).isEqualTo("colour: blue");
    assertThat(get(vdi, "virtual-size")).isEqualTo("8388608");
    assertThat(
            xe.refusal(
                "vdi-introduce",
                "uuid=" + vdi,
                "sr-uuid=" + sr,
                "type=none",
                "location=" + location))
        .isEqualTo("Error: Unknown vdi type: none\n");
  }

  @Test
  void aDiskMovesWhileItsVmRuns() {
    String vdi = disk("moves");
    String vm = xe.line("vm-install", "template=Other install media", "new-name-label=mover");
    xe.ok("vbd-create", "vm-uuid=" + vm, "device=0", "vdi-uuid=" + vdi);
    xe.ok("vm-start", "uuid=" + vm);
    String moved = xe.line("vdi-pool-migrate", "uuid=" + vdi, "sr-uuid=" + other);
    assertThat(get(moved, "sr-uuid")).isEqualTo(other);
    assertThat(get(moved, "name-label")).isEqualTo("moves");
    assertThat(xe.refusal("vdi-pool-migrate", "uuid=" + moved, "sr-uuid=" + vm)).contains(vm);
    xe.ok("vm-shutdown", "uuid=" + vm, "--force");
  }
}

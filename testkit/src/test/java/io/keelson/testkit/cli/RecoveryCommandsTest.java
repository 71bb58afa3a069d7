package io.keelson.testkit.cli;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.number;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A VM and an appliance of a lost pool, got back by commands: drtask, recover, database:. */
@EnabledIf(value = "qemuThere", disabledReason = "no QEMU here")
class RecoveryCommandsTest {
  @TempDir private Path folder;

  static boolean qemuThere() {
    return Files.isExecutable(Path.of("/usr/bin/qemu-nbd"));
  }

  /** What the second pool is told of the first: uuids. */
  private record Lost(String sr, String appliance, String member, String loner) {}

  @Test
  void commandsGetBackWhatWasLost() throws IOException {
    Lost lost;
    try (ServerBox first = ServerBox.real(Files.createDirectories(folder.resolve("1"))).start()) {
      lost = lost(first);
      int _ = first.stop();
    }
    try (ServerBox second = ServerBox.real(Files.createDirectories(folder.resolve("2"))).start()) {
      recovered(Xe.of(second), lost);
    }
  }

  private String location() {
    return folder.resolve("2/data/shared").toString();
  }

  private Lost lost(ServerBox box) {
    Xe xe = Xe.of(box);
    String sr;
    try (Api api = box.login(Format.JSON_RPC)) {
      JsonNode made =
          api.call(
              "SR.create",
              api.call("host.get_all").get(0),
              map(Map.of("location", location())),
              number(0),
              text("shared"),
              text(""),
              text("file"),
              text("user"),
              YES,
              map(Map.of()));
      sr = api.read("SR.get_uuid", made);
      String appliance = xe.line("appliance-create", "name-label=shop");
      Lost lost = new Lost(sr, appliance, vm(xe, sr, "member"), vm(xe, sr, "loner"));
      xe.ok("vm-param-set", "uuid=" + lost.member(), "appliance=" + appliance);
      api.call("SR.enable_database_replication", made);
      assertThat(api.call("SR.get_shared", made)).isNotEqualTo(NO);
      return lost;
    }
  }

  private static String vm(Xe xe, String sr, String name) {
    String vm = xe.line("vm-create", "name-label=" + name);
    xe.ok("vm-disk-add", "uuid=" + vm, "disk-size=4MiB", "device=0", "sr-uuid=" + sr);
    return vm;
  }

  private void recovered(Xe xe, Lost lost) {
    assertThat(xe.refusal("drtask-create", "type=nonsense")).contains("nonsense");
    String task =
        xe.line(
            "drtask-create",
            "type=file",
            "device-config:location=" + location(),
            "sr-whitelist=" + lost.sr());
    assertThat(xe.line("drtask-param-get", "uuid=" + task, "param-name=introduced-SRs"))
        .isEqualTo(lost.sr());
    String database =
        "database:vdi-uuid=" + xe.line("vdi-list", "type=Metadata", "params=uuid", "--minimal");
    assertThat(xe.line("vm-list", database, "name-label=loner", "params=uuid", "--minimal"))
        .isEqualTo(lost.loner());
    xe.ok("vm-assert-can-be-recovered", "uuid=" + lost.loner(), database);
    assertThat(xe.refusal("vm-recover", "uuid=" + lost.member(), database))
        .containsIgnoringCase("appliance");
    xe.ok("vm-recover", "uuid=" + lost.loner(), database);
    xe.ok("appliance-assert-can-be-recovered", "uuid=" + lost.appliance(), database);
    xe.ok("appliance-recover", "uuid=" + lost.appliance(), database, "--force");
    assertThat(xe.line("vm-param-get", "uuid=" + lost.member(), "param-name=appliance"))
        .isEqualTo(lost.appliance());
    assertThat(xe.line("vm-param-get", "uuid=" + lost.loner(), "param-name=name-label"))
        .isEqualTo("loner");
    xe.ok("drtask-destroy", "uuid=" + task);
    assertThat(xe.refusal("drtask-destroy", "uuid=" + task)).contains(task);
  }
}

package io.keelson.testkit.recovery;

import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.Repositories;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Every change that a server has acknowledged is on the redo log's disk, whenever the server is
 * killed, and another server that has nothing but the repository brings the VMs back as they were.
 */
class RedoLogTest {
  private static final String LOGS = "field \"type\"=\"redo_log\"";
  private static final int KILLS = 3;
  private static final int CHANGES = 40;

  @TempDir private Path folder;

  /** What the second server is told of the first. */
  private record Lost(String pool, String sr, String vm) {}

  @Test
  @EnabledIf(
      value = "io.keelson.testkit.box.Qemu#reachesVolumes",
      disabledReason = "no qemu-nbd here")
  void whatWasAcknowledgedIsRecoveredByAnotherServer() throws Exception {
    Lost lost;
    try (ServerBox first = ServerBox.real(Files.createDirectories(folder.resolve("1"))).start()) {
      lost = begun(first);
      for (int kill = 0; kill < KILLS; kill++) {
        changed(first, lost, kill);
        first.kill();
        if (kill < KILLS - 1) {
          first.start();
        }
      }
    }
    try (ServerBox second = ServerBox.real(Files.createDirectories(folder.resolve("2"))).start();
        Api api = second.login(Format.JSON_RPC)) {
      recovered(second, api, lost);
    }
  }

  private Lost begun(ServerBox box) {
    try (Api api = box.login(Format.JSON_RPC)) {
      JsonNode pool = api.call("pool.get_all").get(0);
      JsonNode sr = Repositories.shared(api, location());
      api.call("pool.enable_redo_log", sr);
      api.call("pool.enable_redo_log", sr);
      assertThat(api.call("pool.get_redo_log_enabled", pool)).isEqualTo(YES);
      JsonNode vdi = api.call("pool.get_redo_log_vdi", pool);
      assertThat(api.read("VDI.get_type", vdi)).isEqualTo("redo_log");
      assertThat(api.read("VDI.read_database_pool_uuid", vdi))
          .isEqualTo(api.read("pool.get_uuid", pool));
      assertThat(api.refusal("VDI.open_database", vdi).getFirst())
          .isEqualTo("VDI_CONTAINS_METADATA_OF_THIS_POOL");
      JsonNode vm = api.call("VM.create", Vms.vmRecord("to be recovered", 32));
      return new Lost(
          api.read("pool.get_uuid", pool),
          api.read("SR.get_uuid", sr),
          api.read("VM.get_uuid", vm));
    }
  }

  /** The server is killed as soon as it has acknowledged the last of many changes. */
  private static void changed(ServerBox box, Lost lost, int kill) {
    Api api = box.login(Format.JSON_RPC);
    JsonNode vm = api.call("VM.get_by_uuid", text(lost.vm()));
    for (int change = 1; change <= CHANGES; change++) {
      api.call("VM.set_name_description", vm, text(kill + "/" + change));
      if (change % 10 == 0) {
        api.call("VM.create", Vms.vmRecord("made " + kill + "/" + change, 32));
      }
    }
    api.call("VM.destroy", api.call("VM.get_by_name_label", text("made " + kill + "/10")).get(0));
  }

  private void recovered(ServerBox box, Api api, Lost lost) {
    Repositories.introduced(api, lost.sr(), location());
    JsonNode log =
        text(api.call("VDI.get_all_records_where", text(LOGS)).propertyNames().iterator().next());
    assertThat(api.read("VDI.read_database_pool_uuid", log)).isEqualTo(lost.pool());
    Api shown = Api.within(box.wire(Format.JSON_RPC), api.call("VDI.open_database", log));
    JsonNode vm = shown.call("VM.get_by_uuid", text(lost.vm()));
    assertThat(shown.read("VM.get_name_description", vm)).isEqualTo((KILLS - 1) + "/" + CHANGES);
    for (int kill = 0; kill < KILLS; kill++) {
      assertThat(shown.call("VM.get_by_name_label", text("made " + kill + "/10"))).isEmpty();
      assertThat(shown.call("VM.get_by_name_label", text("made " + kill + "/40"))).hasSize(1);
    }
    shown.call("VM.recover", vm, api.session(), YES);
    assertThat(api.read("VM.get_name_label", api.call("VM.get_by_uuid", text(lost.vm()))))
        .isEqualTo("to be recovered");
    shown.call("session.logout");
  }

  private JsonNode location() {
    return map(Map.of("location", folder.resolve("2/data/shared").toString()));
  }

  /**
   * In a simulation the disk is gone when the server has ended, so the log breaks and is mended.
   */
  @Test
  void aLogThatCannotBeWrittenIsToldOfAndHoldsUpNobody() throws Exception {
    try (ServerBox box = ServerBox.simulated(folder, 1).start()) {
      JsonNode sr;
      JsonNode vdi;
      try (Api api = box.login(Format.JSON_RPC)) {
        JsonNode pool = api.call("pool.get_all").get(0);
        sr = api.call("pool.get_default_SR", pool);
        for (JsonNode other : api.call("SR.get_all")) {
          if (api.read("SR.get_type", other).equals("iso")) {
            assertThat(api.refusal("pool.enable_redo_log", other).getFirst())
                .isIn("SR_OPERATION_NOT_SUPPORTED", "SR_NO_PBDS");
          }
        }
        assertThat(api.refusal("pool.enable_redo_log", text("OpaqueRef:NULL")).getFirst())
            .isEqualTo("HANDLE_INVALID");
        api.call("pool.disable_redo_log");
        api.call("pool.enable_redo_log", sr);
        vdi = api.call("pool.get_redo_log_vdi", pool);
        assertThat(api.refusal("VDI.destroy", vdi)).containsExactly("REDO_LOG_IS_ENABLED");
        JsonNode pbd = api.call("SR.get_PBDs", sr).get(0);
        assertThat(api.refusal("PBD.unplug", pbd)).containsExactly("REDO_LOG_IS_ENABLED");
        api.call("pool.disable_redo_log");
        assertThat(api.refusal("VDI.get_uuid", vdi).getFirst()).isEqualTo("HANDLE_INVALID");
        api.call("pool.enable_redo_log", sr);
        assertThat(alerts(api)).isZero();
      }
      box.kill();
      box.start();
      try (Api api = box.login(Format.JSON_RPC)) {
        await().atMost(Duration.ofSeconds(30)).until(() -> alerts(api) == 1);
        JsonNode pool = api.call("pool.get_all").get(0);
        api.call("pool.set_name_label", pool, text("changed"));
        api.call("pool.disable_redo_log");
        api.call("pool.enable_redo_log", sr);
        await().atMost(Duration.ofSeconds(30)).until(() -> alerts(api) == 2);
        assertThat(api.read("pool.get_name_label", pool)).isEqualTo("changed");
      }
    }
  }

  private static int alerts(Api api) {
    int found = 0;
    for (JsonNode message : api.call("message.get_all_records")) {
      String name = message.get("name").asString();
      found += name.equals("REDO_LOG_BROKEN") || name.equals("REDO_LOG_HEALTHY") ? 1 : 0;
    }
    return found;
  }
}

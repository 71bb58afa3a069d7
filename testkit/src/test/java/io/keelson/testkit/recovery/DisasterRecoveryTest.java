package io.keelson.testkit.recovery;

import static io.keelson.testkit.wire.Values.NO;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A pool keeps its database in a repository and is gone one day; another pool, which has nothing of
 * it but the repository, brings its VM back.
 */
@EnabledIf(value = "io.keelson.testkit.box.Qemu#runsMachines", disabledReason = "no QEMU here")
class DisasterRecoveryTest {
  private static final String DATABASES = "field \"type\"=\"metadata\"";

  @TempDir private Path folder;

  /** What the second pool is told of the first. */
  private record Lost(String pool, String sr, String vm, String vdi) {}

  @Test
  void anotherPoolRecoversTheVm() throws Exception {
    Lost lost;
    try (ServerBox first = ServerBox.real(Files.createDirectories(folder.resolve("1"))).start()) {
      lost = lost(first);
      first.kill();
      first.start();
      copied(first, lost);
      int _ = first.stop();
    }
    try (ServerBox second = ServerBox.real(Files.createDirectories(folder.resolve("2"))).start();
        Api api = second.login(Format.JSON_RPC)) {
      JsonNode pbd = Repositories.introduced(api, lost.sr(), location());
      recovered(second, api, lost, pbd);
    }
  }

  private Lost lost(ServerBox box) {
    try (Api api = box.login(Format.JSON_RPC)) {
      JsonNode pool = api.call("pool.get_all").get(0);
      JsonNode sr = Repositories.shared(api, location());
      replication(api, pool, sr);
      JsonNode vdi = api.call("VDI.create", Vms.vdiRecord(sr));
      JsonNode vm = api.call("VM.create", Vms.vmRecord("to be recovered", 32));
      api.call("VBD.create", Vms.vbdRecord(vm, vdi, "0"));
      return new Lost(
          api.read("pool.get_uuid", pool),
          api.read("SR.get_uuid", sr),
          api.read("VM.get_uuid", vm),
          api.read("VDI.get_uuid", vdi));
    }
  }

  /** Copies go on after a crash, and by themselves; the end of the server waits for the last. */
  private void copied(ServerBox box, Lost lost) throws IOException {
    try (Api api = box.login(Format.JSON_RPC)) {
      JsonNode vm = api.call("VM.get_by_uuid", text(lost.vm()));
      long before = changed();
      api.call("VM.set_name_description", vm, text("the last change"));
      await().atMost(Duration.ofMinutes(1)).until(() -> changed() > before);
    }
  }

  private void replication(Api api, JsonNode pool, JsonNode sr) {
    for (JsonNode other : api.call("SR.get_all")) {
      if (api.read("SR.get_type", other).equals("iso")) {
        assertThat(api.refusal("SR.assert_supports_database_replication", other).getFirst())
            .isIn("SR_OPERATION_NOT_SUPPORTED", "SR_NO_PBDS");
      }
    }
    api.call("SR.assert_supports_database_replication", sr);
    api.call("SR.enable_database_replication", sr);
    api.call("SR.enable_database_replication", sr);
    JsonNode all = api.call("VDI.get_all_records_where", text(DATABASES));
    assertThat(all.size()).isEqualTo(1);
    JsonNode vdi = text(all.propertyNames().iterator().next());
    assertThat(api.call("pool.get_metadata_VDIs", pool).get(0)).isEqualTo(vdi);
    assertThat(api.call("VDI.get_metadata_of_pool", vdi)).isEqualTo(pool);
    assertThat(api.read("VDI.read_database_pool_uuid", vdi))
        .isEqualTo(api.read("pool.get_uuid", pool));
    assertThat(api.refusal("VDI.open_database", vdi).getFirst())
        .isEqualTo("VDI_CONTAINS_METADATA_OF_THIS_POOL");
    api.call("SR.disable_database_replication", sr);
    assertThat(api.call("VDI.get_all_records_where", text(DATABASES))).isEmpty();
    assertThat(api.call("pool.get_metadata_VDIs", pool)).isEmpty();
    api.call("SR.enable_database_replication", sr);
  }

  private void recovered(ServerBox box, Api api, Lost lost, JsonNode pbd) {
    JsonNode database =
        text(
            api.call("VDI.get_all_records_where", text(DATABASES))
                .propertyNames()
                .iterator()
                .next());
    assertThat(api.read("VDI.read_database_pool_uuid", database)).isEqualTo(lost.pool());
    JsonNode disk = api.call("VDI.get_by_uuid", text(lost.vdi()));
    assertThat(api.refusal("VDI.open_database", disk))
        .isEqualTo(List.of("VDI_INCOMPATIBLE_TYPE", disk.asString(), "user"));
    Api shown = Api.within(box.wire(Format.JSON_RPC), api.call("VDI.open_database", database));
    JsonNode vm = shown.call("VM.get_by_uuid", text(lost.vm()));
    assertThat(shown.call("VM.get_name_description", vm).asString()).isEqualTo("the last change");
    assertThat(shown.call("pool.get_all_records").size()).isEqualTo(1);
    assertThat(shown.refusal("session.get_uuid", api.session()).getFirst())
        .isEqualTo("HANDLE_INVALID"); // a copy has nobody's session
    assertThat(shown.refusal("VM.set_name_label", vm, text("x")).getFirst())
        .isEqualTo("OPERATION_NOT_ALLOWED");
    assertThat(shown.refusal("VM.start", vm, NO, NO).getFirst()).isEqualTo("OPERATION_NOT_ALLOWED");
    JsonNode sr = shown.call("SR.get_by_uuid", text(lost.sr()));
    assertThat(shown.call("VM.get_SRs_required_for_recovery", vm, api.session()))
        .containsExactly(sr);
    assertThat(shown.refusal("VM.recover", vm, shown.session(), NO).getFirst())
        .isEqualTo("HANDLE_INVALID");
    api.call("PBD.unplug", pbd);
    assertThat(shown.refusal("VM.assert_can_be_recovered", vm, api.session()))
        .isEqualTo(List.of("VM_REQUIRES_SR", vm.asString(), sr.asString()));
    api.call("PBD.plug", pbd);
    shown.call("VM.assert_can_be_recovered", vm, api.session());
    shown.call("VM.recover", vm, api.session(), NO);
    JsonNode back = api.call("VM.get_by_uuid", text(lost.vm()));
    assertThat(api.read("VM.get_name_label", back)).isEqualTo("to be recovered");
    assertThat(api.call("VM.get_version", back).asLong()).isEqualTo(1);
    JsonNode drive = api.call("VM.get_VBDs", back).get(0);
    assertThat(api.call("VBD.get_VDI", drive))
        .isEqualTo(api.call("VDI.get_by_uuid", text(lost.vdi())));
    assertThat(shown.refusal("VM.recover", vm, api.session(), NO).getFirst())
        .isEqualTo("VM_TO_IMPORT_IS_NOT_NEWER_VERSION");
    shown.call("VM.recover", vm, api.session(), YES);
    assertThat(api.call("VM.get_by_uuid", text(lost.vm()))).isNotEqualTo(back);
    api.call("VM.start", api.call("VM.get_by_uuid", text(lost.vm())), NO, NO);
    shown.call("session.logout");
    assertThat(shown.refusal("VM.get_all").getFirst()).isEqualTo("SESSION_INVALID");
    assertThat(api.call("VM.get_all")).isNotEmpty();
  }

  /** Beside the second pool's data, so that its VMs are found by it. */
  private Path shared() {
    return folder.resolve("2/data/shared");
  }

  private JsonNode location() {
    return map(Map.of("location", shared().toString()));
  }

  /** When anything in the repository was last written. */
  private long changed() throws IOException {
    try (var files = Files.walk(shared())) {
      long newest = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        newest = Math.max(newest, Files.getLastModifiedTime(file).toMillis());
      }
      return newest;
    }
  }
}

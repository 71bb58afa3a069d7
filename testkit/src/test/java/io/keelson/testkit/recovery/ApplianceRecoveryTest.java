package io.keelson.testkit.recovery;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.YES;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.text;
import static io.keelson.testkit.wire.Values.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.Repositories;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A disaster recovery session brings a lost pool's repository in, and an appliance out of it. */
@EnabledIf(value = "io.keelson.testkit.box.Qemu#reachesVolumes", disabledReason = "no QEMU here")
class ApplianceRecoveryTest {
  @TempDir private Path folder;

  /** What the second pool is told of the first: uuids. */
  private record Lost(String sr, String appliance, String front, String back) {}

  @Test
  void anotherPoolRecoversTheAppliance() throws Exception {
    Lost lost;
    try (ServerBox first = ServerBox.real(Files.createDirectories(folder.resolve("1"))).start()) {
      lost = lost(first);
      int _ = first.stop();
    }
    try (ServerBox second = ServerBox.real(Files.createDirectories(folder.resolve("2"))).start();
        Api api = second.login(Format.JSON_RPC)) {
      refusals(api, lost);
      unused(api, lost);
      JsonNode task = api.call("DR_task.create", text("file"), location(), texts(lost.sr()));
      JsonNode sr = api.call("SR.get_by_uuid", text(lost.sr()));
      assertThat(api.call("DR_task.get_introduced_SRs", task)).containsExactly(sr);
      recovered(second, api, lost);
      api.call("DR_task.destroy", task);
      assertThat(api.call("DR_task.get_all")).isEmpty();
      assertThat(api.call("SR.get_by_uuid", text(lost.sr()))).isEqualTo(sr); // VMs live on it
    }
  }

  private Lost lost(ServerBox box) {
    try (Api api = box.login(Format.JSON_RPC)) {
      JsonNode sr = Repositories.shared(api, location());
      JsonNode appliance =
          api.call(
              "VM_appliance.create",
              map(Map.of("name_label", "shop", "name_description", "front and back")));
      Lost lost =
          new Lost(
              api.read("SR.get_uuid", sr),
              api.read("VM_appliance.get_uuid", appliance),
              machine(api, sr, appliance, "front"),
              machine(api, sr, appliance, "back"));
      api.call("SR.enable_database_replication", sr);
      return lost;
    }
  }

  private static String machine(Api api, JsonNode sr, JsonNode appliance, String name) {
    JsonNode vm = api.call("VM.create", Vms.vmRecord(name, 32));
    api.call("VBD.create", Vms.vbdRecord(vm, api.call("VDI.create", Vms.vdiRecord(sr)), "0"));
    api.call("VM.set_appliance", vm, appliance);
    return api.read("VM.get_uuid", vm);
  }

  private void refusals(Api api, Lost lost) {
    assertThat(api.refusal("DR_task.create", text("nonsense"), location(), texts(lost.sr())))
        .startsWith("SR_UNKNOWN_DRIVER");
    assertThat(api.refusal("DR_task.create", text("iso"), location(), texts(lost.sr())))
        .startsWith("OPERATION_NOT_ALLOWED");
    JsonNode none = api.call("DR_task.create", text("file"), location(), texts());
    assertThat(api.call("DR_task.get_introduced_SRs", none)).isEmpty();
    api.call("DR_task.destroy", none);
    assertThat(api.refusal("DR_task.destroy", none)).startsWith("HANDLE_INVALID");
  }

  /** What nothing has come to use goes with the session. */
  private void unused(Api api, Lost lost) {
    JsonNode task = api.call("DR_task.create", text("file"), location(), texts(lost.sr()));
    api.call("DR_task.destroy", task);
    assertThat(api.refusal("SR.get_by_uuid", text(lost.sr()))).startsWith("UUID_INVALID");
  }

  private void recovered(ServerBox box, Api api, Lost lost) {
    JsonNode database =
        text(
            api.call("VDI.get_all_records_where", text("field \"type\"=\"metadata\""))
                .propertyNames()
                .iterator()
                .next());
    Api shown = Api.within(box.wire(Format.JSON_RPC), api.call("VDI.open_database", database));
    JsonNode appliance = shown.call("VM_appliance.get_by_uuid", text(lost.appliance()));
    JsonNode front = shown.call("VM.get_by_uuid", text(lost.front()));
    assertThat(shown.refusal("VM.recover", front, api.session(), NO))
        .isEqualTo(List.of("VM_IS_PART_OF_AN_APPLIANCE", front.asString(), appliance.asString()));
    assertThat(shown.call("VM_appliance.get_SRs_required_for_recovery", appliance, api.session()))
        .containsExactly(shown.call("SR.get_by_uuid", text(lost.sr())));
    shown.call("VM_appliance.assert_can_be_recovered", appliance, api.session());
    shown.call("VM_appliance.recover", appliance, api.session(), NO);
    JsonNode here = api.call("VM_appliance.get_by_uuid", text(lost.appliance()));
    assertThat(api.read("VM_appliance.get_name_label", here)).isEqualTo("shop");
    assertThat(api.call("VM_appliance.get_VMs", here).valueStream().toList())
        .containsExactlyInAnyOrder(
            api.call("VM.get_by_uuid", text(lost.front())),
            api.call("VM.get_by_uuid", text(lost.back())));
    assertThat(shown.refusal("VM_appliance.recover", appliance, api.session(), NO))
        .startsWith("VM_TO_IMPORT_IS_NOT_NEWER_VERSION");
    shown.call("VM_appliance.recover", appliance, api.session(), YES);
    assertThat(api.call("VM_appliance.get_all")).containsExactly(here);
    assertThat(api.call("VM_appliance.get_VMs", here).size()).isEqualTo(2);
    shown.call("session.logout");
  }

  /** Beside the second pool's data, so that its VMs are found by it. */
  private JsonNode location() {
    return map(Map.of("location", folder.resolve("2/data/shared").toString()));
  }
}

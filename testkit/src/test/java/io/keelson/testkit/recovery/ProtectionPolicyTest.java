package io.keelson.testkit.recovery;

import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.record;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

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
import tools.jackson.databind.node.ObjectNode;

/** A protection policy takes a snapshot of a VM with a real disk, and archives it. */
@EnabledIf(value = "io.keelson.testkit.box.Qemu#reachesVolumes", disabledReason = "no QEMU here")
class ProtectionPolicyTest {
  @TempDir private Path folder;

  @Test
  void aSnapshotIsTakenAndArchived() throws Exception {
    try (ServerBox box = ServerBox.real(Files.createDirectories(folder.resolve("1"))).start();
        Api api = box.login(Format.XML_RPC);
        Vms vms = new Vms(api)) {
      Path place = folder.resolve("place");
      JsonNode vm = vms.halted();
      JsonNode drive = vms.drive(vm, vms.disk(), "0");
      JsonNode policy = api.call("VMPP.create", policy(place));
      api.call("VM.set_protection_policy", vm, policy);
      assertThat(api.call("VMPP.get_VMs", policy)).containsExactly(vm);
      assertThat(api.read("VMPP.protect_now", policy)).contains("VMPP_SNAPSHOT_SUCCEEDED");
      JsonNode snapshot = api.call("VM.get_snapshots", vm).get(0);
      assertThat(api.call("VM.get_is_snapshot_from_vmpp", snapshot).asBoolean()).isTrue();
      assertThat(api.call("VM.get_VBDs", snapshot).size()).isEqualTo(1);
      assertThat(drive).isNotEqualTo(api.call("VM.get_VBDs", snapshot).get(0));
      assertThat(files(place)).hasSize(1).allMatch(f -> f.toString().endsWith(".xva"));
      assertThat(api.call("VMPP.get_recent_alerts", policy).size()).isEqualTo(2);
      api.call("VM.set_protection_policy", vm, text("OpaqueRef:NULL"));
      api.call("VMPP.destroy", policy);
      assertThat(api.call("VMPP.get_all")).isEmpty();
      api.call("VM.destroy", snapshot);
    }
  }

  private static List<Path> files(Path place) throws Exception {
    try (var all = Files.walk(place)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static ObjectNode policy(Path place) {
    ObjectNode policy =
        record()
            .put("name_label", "nightly")
            .put("name_description", "")
            .put("backup_type", "snapshot")
            .put("backup_frequency", "daily")
            .put("archive_frequency", "always_after_backup")
            .put("archive_target_type", "nfs");
    policy.set("backup_schedule", map(Map.of("hour", "3", "min", "15")));
    policy.set("archive_target_config", map(Map.of("location", place.toString())));
    return policy;
  }
}

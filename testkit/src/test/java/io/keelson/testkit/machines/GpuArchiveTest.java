package io.keelson.testkit.machines;

import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Virtual GPUs in archives: they come back to the group for the same processors. */
@RunsOn(hosts = 3)
class GpuArchiveTest {
  private static final String KIND = "Simulated big vGPU";

  /** As long as the other, so that it can take its place in an archive. */
  private static final String OTHER_KIND = "Elsewhere big vGPU";

  private final Api api;
  private final Vms vms;
  private final Archives archives;

  @TempDir private Path scratch;

  GpuArchiveTest(ServerBox box) {
    this.api = box.login(Format.JSON_RPC);
    this.vms = new Vms(api);
    this.archives = new Archives(box, api);
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  private JsonNode group() {
    return api.call("GPU_group.get_by_name_label", text("Group of Simulation Simulated GPU GPUs"))
        .get(0);
  }

  private JsonNode kind() {
    return api.call("VGPU_type.get_all")
        .valueStream()
        .filter(type -> api.read("VGPU_type.get_model_name", type).equals(KIND))
        .findFirst()
        .orElseThrow();
  }

  private JsonNode only(JsonNode vm) {
    JsonNode all = api.call("VM.get_VGPUs", vm);
    assertThat(all).hasSize(1);
    return api.call("VGPU.get_record", all.get(0));
  }

  private JsonNode sent(String path, Path archive) throws IOException {
    return vms.kept(text(archives.send(path, archive).getFirst()));
  }

  @Test
  void theyTravelUnlessTheyAreLeftOut() throws IOException {
    JsonNode vm = vms.halted();
    JsonNode vgpu = api.call("VGPU.create", vm, group(), text("0"), map(Map.of("k", "v")), kind());
    vms.start(vm);
    String uuid = api.read("VM.get_uuid", vm);
    Path running = archives.fetch("/export_metadata?uuid=" + uuid, scratch.resolve("running.xva"));
    assertThat(Files.readString(running, ISO_8859_1))
        .contains(api.read("VGPU.get_uuid", vgpu), KIND, "5153/2001");
    api.call("VM.hard_shutdown", vm);
    Path without =
        archives.fetch(
            "/export_metadata?excluded_device_types=vgpu&uuid=" + uuid,
            scratch.resolve("without.xva"));
    assertThat(Files.readString(without, ISO_8859_1)).doesNotContain(KIND);
    Path whole = archives.fetch("/export?uuid=" + uuid, scratch.resolve("whole.xva"));

    assertThat(api.call("VM.get_VGPUs", sent("/import_metadata?force=true", without))).isEmpty();
    JsonNode first = sent("/import_metadata?force=true", running);
    JsonNode second = sent("/import?force=true", whole);
    for (JsonNode copy : List.of(first, second)) {
      JsonNode its = only(copy);
      assertThat(its.get("GPU_group")).isEqualTo(group());
      assertThat(its.get("type")).isEqualTo(kind());
      assertThat(its.get("other_config").get("k").asString()).isEqualTo("v");
      assertThat(its.get("resident_on")).isEqualTo(NULL);
      assertThat(its.get("currently_attached").asBoolean()).isFalse();
      vms.start(copy);
      assertThat(only(copy).get("resident_on")).isNotEqualTo(NULL);
    }
  }

  /** Where there is no such hardware yet the VM comes all the same, and waits for it. */
  @Test
  void whatIsNotKnownHereIsMade() throws IOException {
    JsonNode vm = vms.halted();
    JsonNode _ = api.call("VGPU.create", vm, group(), text("0"), map(Map.of()), kind());
    String uuid = api.read("VM.get_uuid", vm);
    Path here = archives.fetch("/export_metadata?uuid=" + uuid, scratch.resolve("here.xva"));
    String elsewhere =
        Files.readString(here, ISO_8859_1)
            .replace("5153/2001", "5153/9001")
            .replace("5153:2001:big", "5153:9001:big")
            .replace(KIND, OTHER_KIND)
            .replace("Group of Simulation", "Group of strangers!")
            .replace(api.read("GPU_group.get_uuid", group()), uuid);
    Path other = Files.writeString(scratch.resolve("other.xva"), elsewhere, ISO_8859_1);
    JsonNode copy = sent("/import_metadata?force=true", other);
    JsonNode its = only(copy);
    assertThat(its.get("GPU_group")).isNotEqualTo(group());
    assertThat(its.get("type")).isNotEqualTo(kind());
    assertThat(api.call("GPU_group.get_PGPUs", its.get("GPU_group"))).isEmpty();
    assertThat(api.read("VGPU_type.get_model_name", its.get("type"))).isEqualTo(OTHER_KIND);
    JsonNode host = api.call("host.get_all").get(0);
    assertThat(api.call("VM.get_possible_hosts", copy)).isEmpty();
    assertThat(api.refusal("VM.assert_can_boot_here", copy, host))
        .containsExactly("VM_REQUIRES_GPU", copy.asString(), its.get("GPU_group").asString());
    api.call("GPU_group.destroy", its.get("GPU_group"));
    assertThat(api.call("VM.get_VGPUs", copy)).isEmpty();
  }
}

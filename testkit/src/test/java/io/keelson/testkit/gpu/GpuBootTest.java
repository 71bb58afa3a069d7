package io.keelson.testkit.gpu;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.NULL;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.strings;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What of screens and processors changes when a host boots, and what a new server finds. */
class GpuBootTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path folder;

  /** A host that gives up its console and its screen can give the screen to a VM. */
  @Test
  void settingsCountFromTheNextBootOn() {
    try (ServerBox box = ServerBox.simulated(folder, 2).start();
        Api api = box.login(Format.JSON_RPC)) {
      Gpus gpus = new Gpus(api);
      JsonNode host = gpus.hosts(true).get(1);
      JsonNode screen = gpus.screen(host);
      assertThat(api.read("host.get_display", host)).isEqualTo("enabled");
      assertThat(api.read("host.enable_display", host)).isEqualTo("enabled");
      assertThat(api.read("host.disable_display", host)).isEqualTo("disable_on_reboot");
      assertThat(api.read("host.enable_display", host)).isEqualTo("enabled");
      assertThat(api.read("host.disable_display", host)).isEqualTo("disable_on_reboot");
      assertThat(api.read("PGPU.get_dom0_access", screen)).isEqualTo("enabled");
      assertThat(api.read("PGPU.disable_dom0_access", screen)).isEqualTo("disable_on_reboot");
      assertThat(api.read("PGPU.enable_dom0_access", screen)).isEqualTo("enabled");
      assertThat(api.read("PGPU.disable_dom0_access", screen)).isEqualTo("disable_on_reboot");
      assertThat(api.call("PGPU.get_supported_VGPU_types", screen)).isEmpty();

      reboot(api, host);
      await()
          .atMost(SOON)
          .until(() -> !api.call("PGPU.get_supported_VGPU_types", screen).isEmpty());
      assertThat(api.read("host.get_display", host)).isEqualTo("disabled");
      assertThat(api.read("PGPU.get_dom0_access", screen)).isEqualTo("disabled");
      assertThat(api.call("PGPU.get_supported_VGPU_types", screen)).containsExactly(gpus.whole());
      assertThat(api.call("PGPU.get_enabled_VGPU_types", screen)).containsExactly(gpus.whole());
      try (Vms vms = new Vms(api)) {
        JsonNode vm = vms.halted();
        JsonNode vgpu =
            api.call("VGPU.create", vm, gpus.screens(), text("0"), map(Map.of()), gpus.whole());
        vms.start(vm);
        assertThat(gpus.serving(vgpu)).isEqualTo(screen);
        assertThat(strings(api.call("VM.get_attached_PCIs", vm)))
            .containsExactly(gpus.pci(screen).asString());
      }

      assertThat(api.read("host.disable_display", host)).isEqualTo("disabled");
      assertThat(api.read("host.enable_display", host)).isEqualTo("enable_on_reboot");
      assertThat(api.read("PGPU.disable_dom0_access", screen)).isEqualTo("disabled");
      assertThat(api.read("PGPU.enable_dom0_access", screen)).isEqualTo("enable_on_reboot");
      reboot(api, host);
      await().atMost(SOON).until(() -> api.call("PGPU.get_supported_VGPU_types", screen).isEmpty());
      assertThat(api.read("host.get_display", host)).isEqualTo("enabled");
      assertThat(api.read("PGPU.get_dom0_access", screen)).isEqualTo("enabled");
      assertThat(api.refusal("host.enable_display", NULL)).first().isEqualTo("HANDLE_INVALID");
      assertThat(api.refusal("host.disable_display", NULL)).first().isEqualTo("HANDLE_INVALID");
      assertThat(api.refusal("PGPU.enable_dom0_access", NULL)).first().isEqualTo("HANDLE_INVALID");
      assertThat(api.refusal("PGPU.disable_dom0_access", NULL)).first().isEqualTo("HANDLE_INVALID");
    }
  }

  private static void reboot(Api api, JsonNode host) {
    api.call("host.disable", host);
    api.call("host.reboot", host);
    await().atMost(SOON).until(() -> api.call("host.get_enabled", host).asBoolean());
  }

  /** Simulated VMs end with their server; the records of devices outlive it. */
  @Test
  void aServerThatStartsAgainKnowsTheDevicesAndThatNobodyHoldsThem() {
    try (ServerBox box = ServerBox.simulated(folder, 2).start()) {
      JsonNode vm;
      JsonNode vgpu;
      List<JsonNode> before;
      try (Api api = box.login(Format.JSON_RPC)) {
        Gpus gpus = new Gpus(api);
        vm = new Vms(api).halted();
        vgpu = gpus.give(vm, gpus.whole());
        api.call("PGPU.remove_enabled_VGPU_types", processor(gpus), gpus.big());
        api.call("VM.start", vm, NO, NO);
        assertThat(api.call("VM.get_attached_PCIs", vm)).hasSize(2);
        before = known(api);
      }
      box.kill();
      box.start();
      try (Api api = box.login(Format.JSON_RPC)) {
        Gpus gpus = new Gpus(api);
        assertThat(known(api)).isEqualTo(before);
        assertThat(api.call("PGPU.get_enabled_VGPU_types", processor(gpus))).hasSize(2);
        assertThat(api.read("VM.get_power_state", vm)).isEqualTo("Halted");
        assertThat(gpus.serving(vgpu)).isEqualTo(NULL);
        assertThat(api.call("VGPU.get_currently_attached", vgpu).asBoolean()).isFalse();
        assertThat(api.call("VM.get_attached_PCIs", vm)).isEmpty();
        api.call("VM.start", vm, NO, NO);
        assertThat(gpus.serving(vgpu)).isNotEqualTo(NULL);
      }
    }
  }

  private static JsonNode processor(Gpus gpus) {
    return gpus.processors(gpus.hosts(true).getFirst()).getFirst();
  }

  private static List<JsonNode> known(Api api) {
    return List.of("PCI", "PGPU", "GPU_group", "VGPU_type").stream()
        .flatMap(kind -> api.call(kind + ".get_all").valueStream())
        .sorted((a, b) -> a.asString().compareTo(b.asString()))
        .toList();
  }
}

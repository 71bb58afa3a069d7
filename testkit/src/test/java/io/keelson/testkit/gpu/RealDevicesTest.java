package io.keelson.testkit.gpu;

import static io.keelson.testkit.wire.Values.NO;
import static io.keelson.testkit.wire.Values.map;
import static io.keelson.testkit.wire.Values.strings;
import static io.keelson.testkit.wire.Values.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.testkit.box.RunsOn;
import io.keelson.testkit.box.ServerBox;
import io.keelson.testkit.box.Vms;
import io.keelson.testkit.wire.Api;
import io.keelson.testkit.wire.Format;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The devices of the machine that the test runs on. */
@RunsOn(hosts = 0)
class RealDevicesTest {
  private static final Path BUS = Path.of("/sys/bus/pci/devices");

  private final Api api;
  private final Vms vms;
  private final JsonNode host;

  RealDevicesTest(ServerBox box) {
    this.api = box.login(Format.JSON_RPC);
    this.vms = new Vms(api);
    this.host = api.call("host.get_all").get(0);
  }

  @AfterEach
  void tidy() {
    vms.close();
    api.close();
  }

  /** But for bridges, which no VM can have. */
  private static List<String> addresses(String classes) throws IOException {
    if (!Files.isDirectory(BUS)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(BUS)) {
      return all.filter(device -> code(device).matches(classes))
          .map(device -> String.valueOf(device.getFileName()))
          .sorted()
          .toList();
    }
  }

  private static String code(Path device) {
    try {
      return Files.readString(device.resolve("class"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean hasGroups() throws IOException {
    Path groups = Path.of("/sys/kernel/iommu_groups");
    try (Stream<Path> all = Files.isDirectory(groups) ? Files.list(groups) : Stream.empty()) {
      return all.findAny().isPresent();
    }
  }

  @Test
  void recordsAreWhatTheKernelShows() throws IOException {
    List<JsonNode> devices =
        api.call("host.get_PCIs", host)
            .valueStream()
            .map(pci -> api.call("PCI.get_record", pci))
            .toList();
    assertThat(devices.stream().map(pci -> pci.get("pci_id").asString()).sorted())
        .containsExactlyElementsOf(addresses("(?s)0x(?!06).*"));
    assertThat(devices)
        .allSatisfy(pci -> {
          assertThat(pci.get("vendor_name").asString()).isNotBlank();
          assertThat(pci.get("class_name").asString()).isNotBlank();
        });
    assertThat(api.call("host.get_PGPUs", host)).hasSize(addresses("(?s)0x03.*").size());
  }

  /** Without an IOMMU no VM has a device; the check is of this very machine. */
  @Test
  void whatTheMachineCannotDoIsRefused() throws IOException {
    boolean iommu = api.call("host.get_chipset_info", host).get("iommu").asString().equals("true");
    assertThat(iommu && !hasGroups()).isFalse();
    JsonNode vm = vms.halted();
    api.call("VM.set_other_config", vm, map(Map.of("pci", "0/0000:ff:1f.7")));
    List<String> refusal = api.refusal("VM.start_on", vm, host, NO, NO);
    if (iommu) {
      assertThat(refusal).first().isEqualTo("VM_INCOMPATIBLE_WITH_THIS_HOST");
    } else {
      assertThat(refusal).containsExactly("VM_REQUIRES_IOMMU", host.asString());
      JsonNode group = api.call("GPU_group.create", text("none"), text(""), map(Map.of()));
      JsonNode wishing = vms.halted();
      api.call("VGPU.create", wishing, group, text("0"), map(Map.of()), text("OpaqueRef:NULL"));
      assertThat(api.refusal("VM.start_on", wishing, host, NO, NO))
          .containsExactly("VM_REQUIRES_IOMMU", host.asString());
      api.call("GPU_group.destroy", group);
      assertThat(strings(api.call("VM.get_VGPUs", wishing))).isEmpty();
    }
    api.call("VM.set_other_config", vm, map(Map.of()));
    vms.start(vm);
    assertThat(api.call("VM.get_attached_PCIs", vm)).isEmpty();
  }
}

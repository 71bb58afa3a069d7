package io.keelson.control.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.GpuGroup;
import io.keelson.api.model.Pci;
import io.keelson.api.model.Pgpu;
import io.keelson.api.model.Vgpu;
import io.keelson.api.model.Vm;
import io.keelson.control.vm.VmLab;
import io.keelson.host.PciDevice;
import io.keelson.host.PciDevice.Share;
import io.keelson.host.PciDevice.Technique;
import io.keelson.host.sim.Simulation;
import io.keelson.host.sim.SimulationPlan;
import io.keelson.store.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records follow what is built into a host from one start to the next. */
class DeviceScanTest {
  @TempDir private Path folder;
  private VmLab lab;

  @BeforeEach
  void open() {
    lab = VmLab.open(folder, Simulation.open(SimulationPlan.of(1)).drivers(), 1);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private static PciDevice device(String address, String device, String name, Share... shares) {
    return new PciDevice(
        address,
        0x0300,
        "VGA compatible controller",
        "10de",
        "NVIDIA Corporation",
        device,
        name,
        "",
        "",
        Set.of(),
        false,
        List.of(shares));
  }

  private static Share share(String identifier, int most) {
    return new Share(
        identifier, Technique.NVIDIA, "NVIDIA Corporation", identifier, 1 << 30, 1, 640, 480, most);
  }

  private void found(PciDevice... devices) {
    lab.store()
        .change(tx -> {
          PgpuRecords.refresh(tx, lab.host(), PciRecords.refresh(tx, lab.host(), List.of(devices)));
          VgpuTypes.clear(tx);
        });
  }

  private List<Row<Pgpu>> gpus() {
    return lab.state().rows(ApiModel.PGPU).toList();
  }

  private List<String> kinds() {
    return lab.state().rows(ApiModel.VGPU_TYPE).map(t -> t.record().identifier()).sorted().toList();
  }

  @Test
  void whatWasThereKeepsItsRecord() {
    PciDevice gpu = device("0000:03:00.0", "13f2", "Device 13f2");
    found(gpu);
    Row<Pgpu> before = gpus().getFirst();
    lab.store()
        .change(tx -> {
          tx.update(ApiModel.PGPU, before.ref(), g -> g.with(b -> b.otherConfig(Map.of("k", "v"))));
          tx.update(
              ApiModel.PCI,
              before.record().pci(),
              p -> p.with(b -> b.otherConfig(Map.of("k", "v"))));
        });
    found(device("0000:03:00.0", "13f2", "GM204GL [Tesla M60]"));
    Row<Pgpu> after = gpus().getFirst();
    assertThat(after.ref()).isEqualTo(before.ref());
    assertThat(after.record().otherConfig()).containsEntry("k", "v");
    Pci pci = lab.state().get(ApiModel.PCI, after.record().pci());
    assertThat(pci.deviceName()).isEqualTo("GM204GL [Tesla M60]");
    assertThat(pci.otherConfig()).containsEntry("k", "v");
  }

  /** Another card in the same place is another device, and the group of the old one stays. */
  @Test
  void whatWasTakenOutGoesAndItsGroupStays() {
    found(device("0000:03:00.0", "13f2", "M60"), device("0000:04:00.0", "13f2", "M60"));
    Ref<GpuGroup> group = gpus().getFirst().record().gpuGroup();
    assertThat(lab.state().get(ApiModel.GPU_GROUP, group).pgpus()).hasSize(2);
    Ref<Vm> vm = lab.make();
    Ref<Vgpu> vgpu =
        lab.store()
            .transact(tx ->
                VgpuRecords.create(
                    tx,
                    Vgpu.builder()
                        .build()
                        .with(b ->
                            b.vm(vm)
                                .gpuGroup(group)
                                .type(VgpuTypes.passthrough(tx))
                                .residentOn(gpus().getFirst().ref()))));
    lab.store()
        .change(tx ->
            tx.update(
                ApiModel.VM,
                vm,
                v -> v.with(b -> b.attachedPcis(Set.of(gpus().getFirst().record().pci())))));
    found(device("0000:03:00.0", "1eb8", "T4"));
    assertThat(gpus()).hasSize(1);
    assertThat(gpus().getFirst().record().gpuGroup()).isNotEqualTo(group);
    assertThat(lab.state().get(ApiModel.GPU_GROUP, group).pgpus()).isEmpty();
    assertThat(lab.state().get(ApiModel.GPU_GROUP, group).supportedVgpuTypes()).isEmpty();
    assertThat(lab.state().get(ApiModel.VGPU, vgpu).residentOn().isNull()).isTrue();
    assertThat(lab.vm(vm).attachedPcis()).isEmpty();
    found(device("0000:05:00.0", "13f2", "M60"));
    assertThat(gpus().getFirst().record().gpuGroup()).isEqualTo(group);
    found();
    assertThat(lab.state().rows(ApiModel.PCI)).isEmpty();
    assertThat(gpus()).isEmpty();
  }

  /** What an administrator has forbidden stays so; what a new driver brings is allowed. */
  @Test
  void kindsComeAndGoWithTheDriver() {
    found(device("0000:03:00.0", "13f2", "M60", share("a", 2), share("b", 4)));
    Row<Pgpu> gpu = gpus().getFirst();
    Ref<?> b =
        lab.state()
            .rows(ApiModel.VGPU_TYPE)
            .filter(t -> t.record().identifier().equals("b"))
            .findFirst()
            .map(Row::ref)
            .orElseThrow();
    lab.store()
        .change(tx ->
            tx.update(
                ApiModel.PGPU,
                gpu.ref(),
                g ->
                    g.with(builder ->
                        builder.enabledVgpuTypes(
                            Set.copyOf(
                                g.enabledVgpuTypes().stream()
                                    .filter(t -> !t.equals(b))
                                    .toList())))));
    found(device("0000:03:00.0", "13f2", "M60", share("b", 8), share("c", 1)));
    assertThat(kinds()).containsExactly("b", "c", "passthrough");
    Pgpu now = gpus().getFirst().record();
    assertThat(now.supportedVgpuTypes()).hasSize(3);
    assertThat(now.enabledVgpuTypes()).hasSize(2).noneMatch(b::equals);
    assertThat(now.supportedVgpuMaxCapacities().values()).containsExactlyInAnyOrder(1L, 8L, 1L);
    assertThat(lab.state().get(ApiModel.GPU_GROUP, now.gpuGroup()).enabledVgpuTypes())
        .isEqualTo(now.enabledVgpuTypes());
  }

  /** The driver that divides a processor is away while a VM has all of it. */
  @Test
  void kindsStayWhileAVmHasTheProcessor() {
    found(device("0000:03:00.0", "13f2", "M60", share("a", 2)));
    Pgpu before = gpus().getFirst().record();
    Ref<Vm> vm = lab.make();
    lab.set(vm, b -> b.attachedPcis(Set.of(before.pci())));
    found(device("0000:03:00.0", "13f2", "M60"));
    assertThat(gpus().getFirst().record()).isEqualTo(before);
    lab.set(vm, b -> b.attachedPcis(Set.of()));
    found(device("0000:03:00.0", "13f2", "M60"));
    assertThat(gpus().getFirst().record().supportedVgpuTypes()).hasSize(1);
  }

  @Test
  void nothingIsWrittenWhenNothingHasChanged() {
    PciDevice gpu = device("0000:03:00.0", "13f2", "M60", share("a", 2));
    found(gpu);
    long before = lab.state().generation();
    found(gpu);
    assertThat(gpus().getFirst().modified()).isLessThanOrEqualTo(before);
  }
}

package io.keelson.control.vm.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.OnNormalExit;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vm;
import io.keelson.control.vm.VmLab;
import io.keelson.host.Domain;
import io.keelson.host.Drivers;
import io.keelson.host.machine.LinuxMachine;
import io.keelson.host.network.LinuxNetwork;
import io.keelson.host.qemu.BootSector;
import io.keelson.host.qemu.QemuCompute;
import io.keelson.host.storage.Storages;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A lab whose VMs are QEMU processes with a guest of 512 bytes in them. */
final class RealLab {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final Drivers drivers;
  private final VmLab lab;

  private RealLab(Path folder) {
    this.folder = folder;
    this.drivers =
        new Drivers(
            QemuCompute.open(folder),
            Storages.local(folder),
            LinuxNetwork.unprivileged(folder.resolve("network")),
            new LinuxMachine(Optional.empty()));
    this.lab = VmLab.open(folder, drivers, 1);
  }

  static RealLab open(Path folder) {
    return new RealLab(folder);
  }

  VmLab lab() {
    return lab;
  }

  /** Ends the server; domains run on. */
  void leave() {
    drivers.compute().close();
    lab.close();
  }

  /** Ends the domains too. */
  void close() {
    for (var row : lab.state().rows(ApiModel.VM).toList()) {
      lab.error("hard_shutdown", row.ref());
    }
    leave();
  }

  /** Types into the guest's serial console. */
  void type(Ref<Vm> vm, String text) throws IOException {
    type(domain(vm).orElseThrow().consoles().serial().orElseThrow(), text);
  }

  void type(Path socket, String text) throws IOException {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }
  }

  /** A VM with the guest on its disk. */
  Ref<Vm> guest() throws Exception {
    Ref<Vm> vm =
        lab.make(b ->
            b.hvmBootParams(Map.of("order", "c"))
                .actionsAfterReboot(OnNormalExit.RESTART)
                .memoryStaticMin(8 * VmLab.MIB)
                .memoryDynamicMin(16 * VmLab.MIB)
                .memoryDynamicMax(16 * VmLab.MIB)
                .memoryStaticMax(16 * VmLab.MIB));
    Ref<Vdi> disk = lab.volume();
    Path raw = Files.createTempFile(folder, "boot", ".img");
    BootSector.writeDisk(raw);
    Process copy =
        new ProcessBuilder(
                "qemu-img",
                "convert",
                "-n",
                "-f",
                "raw",
                "-O",
                "qcow2",
                raw.toString(),
                lab.file(disk).toString())
            .inheritIO()
            .start();
    assertThat(copy.waitFor()).isZero();
    lab.disk(vm, disk, 0, VbdMode.RW);
    return vm;
  }

  Optional<Domain> domain(Ref<Vm> vm) {
    return drivers.compute().find(lab.hostId(lab.host()), lab.id(vm));
  }

  void awaitUp(Ref<Vm> vm) {
    Path log = domain(vm).orElseThrow().consoles().serialLog().orElseThrow();
    await().atMost(PATIENCE).until(() -> read(log).contains(BootSector.READY));
  }

  private static String read(Path log) {
    try {
      return Files.readString(log, StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }

  /** Kills the VM's own process, and no other. */
  void kill(Ref<Vm> vm) {
    String id = lab.vm(vm).uuid();
    List<ProcessHandle> processes =
        ProcessHandle.allProcesses()
            .filter(p -> p.info().commandLine().filter(c -> c.contains(id)).isPresent())
            .filter(p -> p.info().command().filter(c -> c.contains("qemu")).isPresent())
            .toList();
    assertThat(processes).hasSize(1);
    processes.getFirst().destroyForcibly();
  }
}

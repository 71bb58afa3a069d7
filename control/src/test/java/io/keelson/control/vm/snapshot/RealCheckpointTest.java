package io.keelson.control.vm.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.VbdMode;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiType;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.vm.VmLab;
import io.keelson.host.Domain;
import io.keelson.host.Drivers;
import io.keelson.host.machine.LinuxMachine;
import io.keelson.host.network.LinuxNetwork;
import io.keelson.host.qemu.BootSector;
import io.keelson.host.qemu.QemuCompute;
import io.keelson.host.storage.Storages;
import io.keelson.store.Row;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest that counts in its memory and notes the count on its disk. */
final class RealCheckpointTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private Drivers drivers;
  private VmLab lab;

  @BeforeEach
  void open() {
    drivers =
        new Drivers(
            QemuCompute.open(folder),
            Storages.local(folder),
            LinuxNetwork.unprivileged(folder.resolve("network")),
            new LinuxMachine(Optional.empty()));
    lab = VmLab.open(folder, drivers, 1);
  }

  @AfterEach
  void close() {
    for (var row : lab.state().rows(ApiModel.VM).toList()) {
      lab.error("hard_shutdown", row.ref());
    }
    drivers.compute().close();
    lab.close();
  }

  @Test
  void memoryAndDiskAreOfOneInstantAndTheGuestGoesBackToIt() throws Exception {
    Ref<Vm> vm = guest();
    lab.call("start", vm, false, false);
    Path log = domain(vm).consoles().serialLog().orElseThrow();
    await().atMost(PATIENCE).until(() -> read(log).contains(BootSector.READY));
    assertThat(say(vm, 'c')).isEqualTo('A');
    assertThat(say(vm, 'w')).isEqualTo('w');
    lab.call("checkpoint", vm, "then");
    Ref<Vm> checkpoint = named("then");
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.RUNNING);

    assertThat(say(vm, 'c')).isEqualTo('B');
    assertThat(say(vm, 'c')).isEqualTo('C');
    assertThat(say(vm, 'w')).isEqualTo('w');

    lab.call("revert", checkpoint);
    assertThat(lab.power(vm)).isEqualTo(VmPowerState.SUSPENDED);
    assertThat(noted(vm)).isEqualTo('B');
    lab.call("resume", vm, false, false);
    assertThat(say(vm, 'c')).isEqualTo('B');

    // Another machine goes on from the same instant, beside the first.
    lab.call("clone", checkpoint, "twin");
    Ref<Vm> twin = named("twin");
    lab.set(twin, b -> b.isATemplate(false));
    assertThat(noted(twin)).isEqualTo('B');
    lab.call("resume", twin, false, false);
    assertThat(say(twin, 'c')).isEqualTo('B');
    assertThat(say(vm, 'c')).isEqualTo('C');

    lab.call("destroy", checkpoint);
    assertThat(lab.state().rows(ApiModel.VDI).filter(row -> row.record().type() == VdiType.SUSPEND))
        .isEmpty();
    try (var files = Files.walk(folder.resolve("disks"))) {
      assertThat(files.filter(f -> f.toString().endsWith(".memory"))).isEmpty();
    }
  }

  private Ref<Vm> named(String name) {
    return lab.state()
        .rows(ApiModel.VM)
        .filter(row -> row.record().nameLabel().equals(name))
        .map(Row::ref)
        .findFirst()
        .orElseThrow();
  }

  private Ref<Vm> guest() throws Exception {
    Ref<Vm> vm =
        lab.make(b ->
            b.hvmBootParams(Map.of("order", "c"))
                .memoryStaticMin(8 * VmLab.MIB)
                .memoryDynamicMin(16 * VmLab.MIB)
                .memoryDynamicMax(16 * VmLab.MIB)
                .memoryStaticMax(16 * VmLab.MIB));
    Ref<Vdi> disk = lab.volume();
    Path raw = folder.resolve("boot.img");
    BootSector.writeDisk(raw);
    qemuImg("convert", "-n", "-f", "raw", "-O", "qcow2", raw, lab.file(disk));
    lab.disk(vm, disk, 0, VbdMode.RW);
    return vm;
  }

  /** What the guest last noted on its disk; while it does not run. */
  private char noted(Ref<Vm> vm) throws Exception {
    var vbd = lab.vm(vm).vbds().iterator().next();
    Path raw = folder.resolve("noted.img");
    qemuImg("convert", "-O", "raw", lab.file(lab.state().get(ApiModel.VBD, vbd).vdi()), raw);
    return (char) Files.readAllBytes(raw)[BootSector.noteAt()];
  }

  private static void qemuImg(Object... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of("qemu-img"));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

  private char say(Ref<Vm> vm, char letter) throws IOException {
    Path serial = domain(vm).consoles().serial().orElseThrow();
    try (SocketChannel line = SocketChannel.open(UnixDomainSocketAddress.of(serial))) {
      line.write(ByteBuffer.wrap(new byte[] {(byte) letter}));
      ByteBuffer answer = ByteBuffer.allocate(1);
      assertThat(line.read(answer)).isEqualTo(1);
      return (char) answer.get(0);
    }
  }

  private Domain domain(Ref<Vm> vm) {
    return drivers.compute().find(lab.hostId(lab.host()), lab.id(vm)).orElseThrow();
  }

  private static String read(Path log) {
    try {
      return Files.readString(log, StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }
}

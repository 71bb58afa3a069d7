package io.keelson.host.qemu;

import static io.keelson.host.qemu.Guests.HOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.keelson.host.DeviceSpec;
import io.keelson.host.Devices;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.device.DeviceTree;
import io.keelson.host.device.LinuxDevices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Devices of a made-up machine in runs of real QEMU processes: they are the machine's as long as
 * the process lives, and the host's afterwards, however it ends.
 */
class HostDevicesTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String GPU = "0000:f3:00.0";
  private static final String OTHER = "0000:f4:00.0";

  /** QEMU cannot have devices that are not there; a script takes them from its command line. */
  private static final String WITHOUT =
      """
      #!/bin/bash
      words=()
      while [ $# -gt 0 ]; do
        if [ "$1" = -device ] && [[ $2 == *vfio-pci* ]]; then
          printf '%s\\n' "$2" >> handed
          shift
        else
          words+=("$1")
        fi
        shift
      done
      exec PROGRAM "${words[@]}"
      """;

  @TempDir private Path data;
  @TempDir private Path root;
  private DeviceTree tree;

  @BeforeEach
  void make() {
    tree =
        new DeviceTree(root)
            .device(GPU, "030000", "10de", "13f2")
            .device(OTHER, "030000", "10de", "13f2")
            .group(1, GPU)
            .driver("nouveau", GPU, OTHER)
            .driver("vfio-pci")
            .share(OTHER, "nvidia-18", "GRID", "framebuffer=2048M", 1)
            .run("nouveau");
  }

  @AfterEach
  void stop() {
    tree.close();
  }

  private static QemuSettings settings(Path program) {
    QemuSettings usual = QemuSettings.usual();
    return new QemuSettings(
        program,
        usual.tpm(),
        Duration.ofSeconds(60),
        Duration.ofSeconds(10),
        Duration.ofMillis(500));
  }

  private QemuCompute withoutDevices() throws IOException {
    Path script = data.resolve("qemu");
    Files.writeString(
        script, WITHOUT.replace("PROGRAM", QemuSettings.usual().program().toString()));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return QemuCompute.open(data, settings(script), tree.devices());
  }

  private static DomainSpec guest(DeviceSpec... devices) {
    return Guests.spec(UUID.randomUUID(), List.of(), List.of())
        .with(changes -> changes.devices(List.of(devices)));
  }

  private void assertDriver(String driver) {
    await().atMost(SOON).until(() -> tree.driverOf(GPU).equals(Optional.of(driver)));
  }

  private static void assertRaises(Reason reason, Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void theMachineHasThemUntilItEnds() throws IOException {
    UUID part = UUID.randomUUID();
    DomainSpec spec =
        guest(
            new DeviceSpec.Whole(GPU, true),
            new DeviceSpec.Part(part, OTHER, "10de:13f2:nvidia-18"));
    try (QemuCompute compute = withoutDevices()) {
      compute.start(HOST, spec, false);
      assertDriver("vfio-pci");
      assertThat(tree.isMade(part)).isTrue();
      String handed = Files.readString(data.resolve("run/domains/" + spec.vm()).resolve("handed"));
      assertThat(handed)
          .contains("\"host\":\"" + GPU + "\"")
          .contains("\"sysfsdev\":\"/sys/bus/mdev/devices/" + part + "\"");
      compute.reset(HOST, spec.vm());
      assertDriver("vfio-pci");
      assertThat(tree.isMade(part)).isTrue();
      compute.destroy(HOST, spec.vm());
      assertDriver("nouveau");
      await().atMost(SOON).until(() -> !tree.isMade(part));
    }
  }

  /** Nobody was there when the process died; whoever comes next finds what it held. */
  @Test
  void theNextServerReleasesWhatADeadMachineHeld() throws IOException {
    DomainSpec spec = guest(new DeviceSpec.Whole(GPU, true));
    try (QemuCompute compute = withoutDevices()) {
      compute.start(HOST, spec, false);
    }
    assertDriver("vfio-pci");
    ProcessHandle.allProcesses()
        .filter(process -> runs(process, spec.vm()))
        .forEach(ProcessHandle::destroyForcibly);
    await()
        .atMost(SOON)
        .until(() -> ProcessHandle.allProcesses().noneMatch(p -> runs(p, spec.vm())));
    try (QemuCompute compute = withoutDevices()) {
      assertThat(compute.adopt(HOST)).isEmpty();
    }
    assertDriver("nouveau");
  }

  private static boolean runs(ProcessHandle process, UUID vm) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
          .contains("-uuid\0" + vm);
    } catch (IOException e) {
      return false;
    }
  }

  /** QEMU itself looks for the device on the real machine. */
  @Test
  void whatQemuCannotHaveGoesBack() {
    DomainSpec spec = guest(new DeviceSpec.Whole(GPU, true));
    try (QemuCompute compute =
        QemuCompute.open(data, settings(QemuSettings.usual().program()), tree.devices())) {
      assertThatThrownBy(() -> compute.start(HOST, spec, false))
          .isInstanceOf(DriverException.class)
          .hasMessageContaining(GPU);
      assertDriver("nouveau");
      assertThat(compute.find(HOST, spec.vm())).isEmpty();
    }
  }

  @Test
  void thisMachineSaysWhatItLacks() {
    Devices devices = new LinuxDevices();
    Reason reason = devices.lacks(HOST).isPresent() ? Reason.UNSUPPORTED : Reason.NOT_FOUND;
    try (QemuCompute compute = QemuCompute.open(data, devices)) {
      assertRaises(
          reason,
          () -> compute.start(HOST, guest(new DeviceSpec.Whole("0000:ff:1f.7", true)), false));
    }
  }
}

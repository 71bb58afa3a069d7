package io.keelson.host.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.keelson.host.DeviceSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices go from the host to machines and back, in a made-up machine. */
class HandingTest {
  private static final UUID HOST = UUID.randomUUID();
  private static final String GPU = "0000:03:00.0";
  private static final String SOUND = "0000:03:00.1";
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir private Path root;
  private DeviceTree tree;
  private LinuxDevices devices;
  private Sysfs files;

  @BeforeEach
  void make() {
    tree =
        new DeviceTree(root)
            .device("0000:00:01.0", "060400", "8086", "1901")
            .device(GPU, "030000", "10de", "13f2")
            .device(SOUND, "040300", "10de", "0fbb")
            .device("0000:05:00.0", "020000", "8086", "1521")
            .group(1, "0000:00:01.0", GPU, SOUND)
            .driver("pcieport", "0000:00:01.0")
            .driver("nouveau", GPU, SOUND)
            .driver("vfio-pci")
            .share(GPU, "nvidia-18", "GRID", "framebuffer=2048M", 1)
            .run("nouveau");
    devices = new LinuxDevices(root, List.of("true"));
    files = new Sysfs(root);
  }

  @AfterEach
  void stop() {
    tree.close();
  }

  private static DeviceSpec whole(String address) {
    return new DeviceSpec.Whole(address, true);
  }

  private void assertDriver(String address, String driver) {
    await().atMost(SOON).until(() -> files.driverOf(address).equals(Optional.of(driver)));
  }

  private static void assertRaises(Reason reason, Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void aMachineHasAllOfAGroupAndTheHostHasItBack() {
    List<DeviceSpec> both = List.of(whole(GPU), whole(SOUND));
    devices.prepare(HOST, both);
    assertDriver(GPU, "vfio-pci");
    assertDriver(SOUND, "vfio-pci");
    assertDriver("0000:00:01.0", "pcieport");
    devices.prepare(HOST, both);
    assertDriver(GPU, "vfio-pci");
    devices.release(HOST, both);
    assertDriver(GPU, "nouveau");
    assertDriver(SOUND, "nouveau");
    devices.release(HOST, both);
    assertDriver(GPU, "nouveau");
  }

  /** What the host may not use stays where no driver of its own gets at it. */
  @Test
  void aWithheldDeviceStaysAwayFromTheHost() {
    devices.requireWithholding(HOST, GPU);
    devices.withhold(HOST, GPU);
    assertDriver(GPU, "vfio-pci");
    devices.withhold(HOST, GPU);
    List<DeviceSpec> kept = List.of(new DeviceSpec.Whole(GPU, false), whole(SOUND));
    devices.prepare(HOST, kept);
    devices.release(HOST, kept);
    assertDriver(GPU, "vfio-pci");
    assertDriver(SOUND, "nouveau");
  }

  /** With its neighbour in the host's hands the IOMMU would guard neither. */
  @Test
  void aPartOfAGroupIsRefusedAndGivenBack() {
    assertRaises(Reason.UNSUPPORTED, () -> devices.prepare(HOST, List.of(whole(GPU))));
    assertDriver(GPU, "nouveau");
    assertDriver(SOUND, "nouveau");
  }

  @Test
  void whatTheIommuDoesNotGuardIsRefused() {
    assertRaises(Reason.UNSUPPORTED, () -> devices.prepare(HOST, List.of(whole("0000:05:00.0"))));
    assertRaises(Reason.NOT_FOUND, () -> devices.prepare(HOST, List.of(whole("0000:09:00.0"))));
    assertRaises(Reason.NOT_FOUND, () -> devices.prepare(HOST, List.of(whole("../../drivers"))));
    assertRaises(Reason.NOT_FOUND, () -> devices.requireWithholding(HOST, "0000:09:00.0"));
  }

  @Test
  void partsAreMadeAndRemoved() {
    UUID id = UUID.randomUUID();
    List<DeviceSpec> part = List.of(new DeviceSpec.Part(id, GPU, "10de:13f2:nvidia-18"));
    devices.prepare(HOST, part);
    assertThat(tree.isMade(id)).isTrue();
    devices.prepare(HOST, part);
    String free =
        "sys/bus/pci/devices/" + GPU + "/mdev_supported_types/nvidia-18/available_instances";
    await().atMost(SOON).until(() -> tree.read(free).equals("0"));
    assertRaises(
        Reason.NO_SPACE,
        () ->
            devices.prepare(
                HOST, List.of(new DeviceSpec.Part(UUID.randomUUID(), GPU, "10de:13f2:nvidia-18"))));
    assertRaises(
        Reason.NOT_FOUND,
        () ->
            devices.prepare(
                HOST, List.of(new DeviceSpec.Part(UUID.randomUUID(), GPU, "10de:13f2:other"))));
    devices.release(HOST, part);
    await().atMost(SOON).until(() -> !tree.isMade(id));
    await().atMost(SOON).until(() -> tree.read(free).equals("1"));
    assertDriver(GPU, "nouveau");
  }

  @Test
  void theConsoleLeavesScreensAndOnlyThose() {
    tree.write("sys/class/vtconsole/vtcon0/name", "(S) dummy device");
    tree.write("sys/class/vtconsole/vtcon0/bind", "1");
    tree.write("sys/class/vtconsole/vtcon1/name", "(M) frame buffer device");
    tree.write("sys/class/vtconsole/vtcon1/bind", "1");
    devices.requireHiding(HOST);
    devices.hideConsole(HOST);
    assertThat(tree.read("sys/class/vtconsole/vtcon1/bind")).isEqualTo("0");
    assertThat(tree.read("sys/class/vtconsole/vtcon0/bind")).isEqualTo("1");
    devices.hideConsole(HOST);
  }
}

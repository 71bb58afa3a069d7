package io.keelson.host.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.keelson.host.PciDevice;
import io.keelson.host.PciDevice.Share;
import io.keelson.host.PciDevice.Technique;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of devices, from a made-up machine and from this one. */
class LinuxDevicesTest {
  private static final UUID HOST = UUID.randomUUID();
  private static final String NAMES =
      """
      # a comment  with two blanks
      10de  NVIDIA Corporation
      \t13f2  GM204GL [Tesla M60]
      \t\t10de 113a  Tesla M60 board
      \t0fbb  GM204 High Definition Audio Controller
      8086  Intel Corporation
      \t13f2  of another vendor
      C 03  Display controller
      \t00  VGA compatible controller
      \t\t00  VGA controller
      C 04  Multimedia controller
      """;

  @TempDir private Path root;

  private List<PciDevice> scan() {
    return new LinuxDevices(root, List.of("true")).scan(HOST);
  }

  private PciDevice at(String address) {
    return scan().stream().filter(d -> d.address().equals(address)).findFirst().orElseThrow();
  }

  private DeviceTree card() {
    return new DeviceTree(root)
        .device("0000:00:00.0", "060000", "8086", "1237")
        .device("0000:03:00.0", "030000", "10de", "13f2")
        .file("0000:03:00.0", "subsystem_vendor", "0x10de")
        .file("0000:03:00.0", "subsystem_device", "0x113a")
        .device("0000:03:00.1", "040300", "10de", "0fbb")
        .names(NAMES);
  }

  @Test
  void devicesHaveTheNamesOfTheList() {
    card().file("0000:03:00.0", "boot_vga", "1");
    assertThat(scan())
        .extracting(PciDevice::address)
        .containsExactly("0000:03:00.0", "0000:03:00.1");
    PciDevice gpu = at("0000:03:00.0");
    assertThat(gpu.isDisplay()).isTrue();
    assertThat(gpu.bootDisplay()).isTrue();
    assertThat(gpu.className()).isEqualTo("VGA compatible controller");
    assertThat(gpu.vendorName()).isEqualTo("NVIDIA Corporation");
    assertThat(gpu.deviceName()).isEqualTo("GM204GL [Tesla M60]");
    assertThat(gpu.subsystemVendorName()).isEqualTo("NVIDIA Corporation");
    assertThat(gpu.subsystemDeviceName()).isEqualTo("Tesla M60 board");
    PciDevice sound = at("0000:03:00.1");
    assertThat(sound.isDisplay()).isFalse();
    assertThat(sound.className()).isEqualTo("Multimedia controller");
    assertThat(sound.subsystemVendorName()).isEmpty();
    assertThat(sound.subsystemDeviceName()).isEmpty();
  }

  @Test
  void withoutAListNumbersStandForNames() throws Exception {
    card();
    Files.delete(root.resolve("usr/share/misc/pci.ids"));
    PciDevice gpu = at("0000:03:00.0");
    assertThat(gpu.className()).isEqualTo("Class 0300");
    assertThat(gpu.vendorName()).isEqualTo("Vendor 10de");
    assertThat(gpu.deviceName()).isEqualTo("Device 13f2");
    assertThat(gpu.subsystemDeviceName()).isEqualTo("Device 113a");
  }

  @Test
  void functionsOfACardGoTogetherWithoutAnIommu() throws Exception {
    DeviceTree tree =
        card()
            .device("0000:04:00.0", "020000", "8086", "1521")
            .device("0000:04:00.1", "020000", "8086", "1520");
    Files.createSymbolicLink(
        tree.device("0000:04:00.1").resolve("physfn"), tree.device("0000:04:00.0"));
    assertThat(at("0000:03:00.0").together()).containsExactly("0000:03:00.1");
    assertThat(at("0000:03:00.1").together()).containsExactly("0000:03:00.0");
    assertThat(at("0000:04:00.0").together()).isEmpty();
    assertThat(at("0000:04:00.1").together()).isEmpty();
    assertThat(new LinuxDevices(root, List.of("true")).lacks(HOST))
        .hasValueSatisfying(why -> assertThat(why).contains("IOMMU"));
  }

  @Test
  void membersOfAGroupGoTogetherWithOne() {
    card()
        .device("0000:05:00.0", "010601", "8086", "2922")
        .group(1, "0000:00:00.0", "0000:03:00.0", "0000:05:00.0")
        .group(2, "0000:03:00.1");
    assertThat(at("0000:03:00.0").together()).containsExactly("0000:05:00.0");
    assertThat(at("0000:03:00.1").together()).isEmpty();
    assertThat(new LinuxDevices(root, List.of("true")).lacks(HOST))
        .hasValueSatisfying(why -> assertThat(why).contains("vfio-pci"));
    new DeviceTree(root).driver("vfio-pci");
    assertThat(new LinuxDevices(root, List.of("true")).lacks(HOST)).isEmpty();
  }

  @Test
  void kindsOfPartsAreRead() {
    card()
        .share(
            "0000:03:00.0",
            "nvidia-18",
            "GRID M60-2Q",
            "num_heads=4, frl_config=60, framebuffer=2048M, max_resolution=4096x2160,"
                + " max_instance=4",
            3)
        .device("0000:06:00.0", "030000", "8086", "1912")
        .share(
            "0000:06:00.0",
            "i915-GVTg_V5_4",
            "",
            "low_gm_size: 128MB\nhigh_gm_size: 512MB\nfence: 4\nresolution: 1920x1200\nweight: 4",
            1)
        .device("0000:07:00.0", "030000", "1002", "1912")
        .share("0000:07:00.0", "mxgpu", "", "", 1);
    assertThat(at("0000:03:00.0").shares())
        .containsExactly(
            new Share(
                "10de:13f2:nvidia-18",
                Technique.NVIDIA,
                "NVIDIA Corporation",
                "GRID M60-2Q",
                2L << 30,
                4,
                4096,
                2160,
                4));
    assertThat(at("0000:06:00.0").shares())
        .containsExactly(
            new Share(
                "8086:1912:i915-GVTg_V5_4",
                Technique.GVT_G,
                "Intel Corporation",
                "i915-GVTg_V5_4",
                512L << 20,
                1,
                1920,
                1200,
                1));
    assertThat(at("0000:07:00.0").shares()).isEmpty();
  }

  /** Parts that there are count as much as those that there could be. */
  @Test
  void whatIsInUseCounts() {
    DeviceTree tree = card().share("0000:03:00.0", "nvidia-1", "one", "framebuffer=1M", 2);
    tree.folder("sys/bus/pci/devices/0000:03:00.0/mdev_supported_types/nvidia-1/devices/a");
    assertThat(at("0000:03:00.0").shares().getFirst().most()).isEqualTo(3);
  }

  @Test
  void aMachineWithoutABusHasNoDevices() {
    assertThat(scan()).isEmpty();
  }

  @Test
  void thisMachineTellsOfItsDevices() throws Exception {
    LinuxDevices devices = new LinuxDevices();
    List<PciDevice> found = devices.scan(HOST);
    Path bus = Path.of("/sys/bus/pci/devices");
    List<String> known = Sysfs.names(bus);
    assertThat(known).containsAll(found.stream().map(PciDevice::address).toList());
    for (PciDevice device : found) {
      assertThat(device.vendor()).matches("[0-9a-f]{4}");
      assertThat(device.device()).matches("[0-9a-f]{4}");
      assertThat(device.vendorName()).isNotBlank();
      assertThat(device.className()).isNotBlank();
      assertThat(device.classCode() >> 8).isNotEqualTo(6);
      assertThat(known).containsAll(device.together());
      assertThat(Files.readString(bus.resolve(device.address()).resolve("class")))
          .startsWith("0x%04x".formatted(device.classCode()));
    }
    boolean groups = !Sysfs.names(Path.of("/sys/kernel/iommu_groups")).isEmpty();
    assertThat(devices.lacks(HOST).isPresent()).isIn(!groups, true);
  }
}

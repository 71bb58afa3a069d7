package io.keelson.host.device;

import io.keelson.host.DeviceSpec;
import io.keelson.host.Devices;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.PciDevice;
import io.keelson.host.process.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The devices of the machine this process runs on; every host named is this one. */
public final class LinuxDevices implements Devices {
  private static final Logger LOG = LoggerFactory.getLogger(LinuxDevices.class);
  private static final Duration LOADING = Duration.ofSeconds(30);
  private static final String BRIDGE = "06";

  private final Sysfs files;
  private final Handing handing;
  private final Screens screens;
  private final List<String> loader;

  public LinuxDevices() {
    this(Path.of("/"), List.of("modprobe", Handing.VFIO));
  }

  /**
   * @param loader brings the kernel's driver {@code vfio-pci} in
   */
  LinuxDevices(Path root, List<String> loader) {
    this.files = new Sysfs(root);
    this.handing = new Handing(files);
    this.screens = new Screens(root);
    this.loader = List.copyOf(loader);
  }

  @Override
  public List<PciDevice> scan(UUID host) {
    List<Numbers> found =
        files.addresses().stream()
            .filter(address -> !isBridge(files, address))
            .map(address -> Numbers.read(files, address))
            .toList();
    Set<String> wanted = new HashSet<>();
    found.forEach(device -> wanted.addAll(device.keys()));
    PciNames names = PciNames.read(files.root(), wanted);
    return found.stream().map(device -> described(device, names)).toList();
  }

  /**
   * The numbers that the kernel tells of a device.
   *
   * @param code base class and subclass
   */
  private record Numbers(
      String address, String code, String vendor, String device, String cardVendor, String card) {
    static Numbers read(Sysfs files, String address) {
      Path folder = files.device(address);
      return new Numbers(
          address,
          classCode(files, address),
          Sysfs.hex(folder.resolve("vendor")),
          Sysfs.hex(folder.resolve("device")),
          Sysfs.hex(folder.resolve("subsystem_vendor")),
          Sysfs.hex(folder.resolve("subsystem_device")));
    }

    /** By which its names are found. */
    Set<String> keys() {
      return Stream.of(
              PciNames.vendorKey(vendor),
              PciNames.vendorKey(cardVendor),
              PciNames.deviceKey(vendor, device),
              PciNames.cardKey(vendor, device, cardVendor, card),
              PciNames.baseKey(code),
              PciNames.classKey(code))
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  private PciDevice described(Numbers it, PciNames names) {
    Path folder = files.device(it.address());
    String vendorName = names.vendorName(it.vendor());
    return new PciDevice(
        it.address(),
        Integer.parseInt(it.code(), 16),
        names.className(it.code()),
        it.vendor(),
        vendorName,
        it.device(),
        names.deviceName(it.vendor(), it.device()),
        names.cardVendorName(it.cardVendor()),
        names.cardName(it.vendor(), it.device(), it.cardVendor(), it.card()),
        together(it.address()),
        Sysfs.text(folder.resolve("boot_vga")).equals("1"),
        Shares.of(folder, it.vendor(), it.device(), vendorName));
  }

  static boolean isBridge(Sysfs files, String address) {
    return classCode(files, address).startsWith(BRIDGE);
  }

  /** The kernel writes 0x030000: base class, subclass, programming interface. */
  private static String classCode(Sysfs files, String address) {
    String code = Sysfs.hex(files.device(address).resolve("class"));
    return code.matches("[0-9a-f]{6}") ? code.substring(0, 4) : "0000";
  }

  /**
   * Those that the IOMMU cannot tell from it; where there is none, the other functions of the same
   * card, but for virtual ones, which are made to be parted.
   */
  private Set<String> together(String address) {
    List<String> others =
        files.group(address).isPresent()
            ? files.members(address)
            : files.addresses().stream()
                .filter(other -> slot(other).equals(slot(address)))
                .filter(other -> !isVirtual(other) && !isVirtual(address))
                .toList();
    return others.stream()
        .filter(other -> !other.equals(address) && !isBridge(files, other))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String slot(String address) {
    return address.substring(0, address.lastIndexOf('.'));
  }

  private boolean isVirtual(String address) {
    return Sysfs.isLink(files.device(address).resolve("physfn"));
  }

  @Override
  public Optional<String> lacks(UUID host) {
    if (!files.hasGroups()) {
      return Optional.of("the machine has no IOMMU, or its kernel does not use it");
    }
    return hasVfio() ? Optional.empty() : Optional.of("the kernel has no driver " + Handing.VFIO);
  }

  private boolean hasVfio() {
    Path driver = files.driver(Handing.VFIO);
    if (!Files.isDirectory(driver)) {
      try {
        Program.Outcome _ = Program.run(LOADING, loader);
      } catch (DriverException e) {
        LOG.debug("{} cannot be run", loader, e);
      }
    }
    return Files.isDirectory(driver);
  }

  @Override
  public void prepare(UUID host, List<DeviceSpec> devices) {
    List<DeviceSpec> begun = new ArrayList<>();
    try {
      if (devices.stream().anyMatch(DeviceSpec.Whole.class::isInstance)) {
        lacks(host)
            .ifPresent(missing -> {
              throw new DriverException(Reason.UNSUPPORTED, missing);
            });
      }
      for (DeviceSpec device : devices) {
        begun.add(device);
        handing.prepare(device);
      }
      List<String> all = devices.stream().map(DeviceSpec::address).toList();
      devices.stream()
          .filter(DeviceSpec.Whole.class::isInstance)
          .forEach(device -> handing.requireAlone(device.address(), all));
    } catch (DriverException e) {
      release(host, begun);
      throw e;
    }
  }

  @Override
  public void release(UUID host, List<DeviceSpec> devices) {
    for (DeviceSpec device : devices) {
      try {
        handing.release(device);
      } catch (DriverException e) {
        LOG.warn("PCI device {} stays away from the host: {}", device.address(), e.getMessage());
      }
    }
  }

  @Override
  public void requireWithholding(UUID host, String address) {
    if (!Files.isWritable(files.device(address).resolve("driver_override"))) {
      throw new DriverException(
          Reason.UNSUPPORTED, "this server may not say which driver has PCI device " + address);
    }
  }

  @Override
  public void withhold(UUID host, String address) {
    handing.withhold(address);
  }

  @Override
  public void requireHiding(UUID host) {
    screens.require();
  }

  @Override
  public void hideConsole(UUID host) {
    screens.hide();
  }
}

package io.keelson.host.device;

import io.keelson.host.DeviceSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes devices from the host's drivers and gives them back. A whole device goes to {@code
 * vfio-pci}, through which QEMU has it; a part is made for the run and removed after it.
 */
final class Handing {
  /** The driver that hands devices to processes. */
  static final String VFIO = "vfio-pci";

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long LOOK_AGAIN_NANOS = 2_000_000;

  private final Sysfs files;

  Handing(Sysfs files) {
    this.files = files;
  }

  void prepare(DeviceSpec device) {
    switch (device) {
      case DeviceSpec.Whole whole -> take(whole.address());
      case DeviceSpec.Part part -> make(part);
    }
  }

  void release(DeviceSpec device) {
    switch (device) {
      case DeviceSpec.Whole whole -> {
        if (whole.returns()) {
          giveBack(whole.address());
        }
      }
      case DeviceSpec.Part part -> {
        if (Files.exists(made(part.id()))) {
          Sysfs.order(made(part.id()).resolve("remove"), "1");
        }
      }
    }
  }

  private void take(String address) {
    if (files.group(address).isEmpty()) {
      throw new DriverException(
          Reason.UNSUPPORTED, "the machine has no IOMMU that guards PCI device " + address);
    }
    withhold(address);
    if (!await(address, Optional.of(VFIO))) {
      throw new DriverException(Reason.UNSUPPORTED, VFIO + " does not take PCI device " + address);
    }
  }

  /** All that the IOMMU takes for one device must be out of the host's hands. */
  void requireAlone(String address, List<String> others) {
    for (String member : files.members(address)) {
      Optional<String> driver = files.driverOf(member);
      boolean used = driver.isPresent() && !driver.get().equals(VFIO);
      if (used && !others.contains(member) && !LinuxDevices.isBridge(files, member)) {
        throw new DriverException(
            Reason.UNSUPPORTED,
            "PCI device " + address + " cannot be parted from " + member + ", which the host uses");
      }
    }
  }

  /** Keeps the host's drivers away; {@code vfio-pci} has the device afterwards where it can. */
  void withhold(String address) {
    Path device = files.device(address);
    Sysfs.order(device.resolve("driver_override"), VFIO);
    Optional<String> driver = files.driverOf(address);
    if (driver.filter(VFIO::equals).isPresent()) {
      return;
    }
    if (driver.isPresent()) {
      Sysfs.order(files.driver(driver.get()).resolve("unbind"), address);
      if (!awaitOther(address, driver.get())) {
        throw new DriverException(
            Reason.FAILED, driver.get() + " does not let go of PCI device " + address);
      }
    }
    probe(address);
  }

  private void giveBack(String address) {
    Path device = files.device(address);
    Sysfs.order(device.resolve("driver_override"), "\n");
    Optional<String> driver = files.driverOf(address);
    if (driver.filter(VFIO::equals).isPresent()) {
      Sysfs.order(files.driver(VFIO).resolve("unbind"), address);
      boolean _ = await(address, Optional.empty());
    }
    probe(address);
  }

  /** Lets the kernel look for a driver; that none takes the device is no error. */
  private void probe(String address) {
    try {
      Sysfs.order(files.bus().resolve("drivers_probe"), address);
    } catch (DriverException e) {
      if (e.reason() != Reason.FAILED) {
        throw e;
      }
    }
  }

  private void make(DeviceSpec.Part part) {
    if (Files.exists(made(part.id()))) {
      return;
    }
    Path type = Shares.folder(files.device(part.address()), part.type());
    if (!Files.isDirectory(type)) {
      throw new DriverException(
          Reason.NOT_FOUND, "PCI device " + part.address() + " makes no " + part.type());
    }
    if (Sysfs.text(type.resolve("available_instances")).equals("0")) {
      throw new DriverException(
          Reason.NO_SPACE, "PCI device " + part.address() + " has no more " + part.type());
    }
    Sysfs.order(type.resolve("create"), part.id().toString());
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(made(part.id()))) {
      if (System.nanoTime() > end) {
        throw new DriverException(
            Reason.FAILED, "PCI device " + part.address() + " has not made its part");
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  private Path made(UUID part) {
    return files.root().resolve("sys/bus/mdev/devices").resolve(part.toString());
  }

  private boolean await(String address, Optional<String> driver) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!files.driverOf(address).equals(driver)) {
      if (System.nanoTime() > end) {
        return false;
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    return true;
  }

  private boolean awaitOther(String address, String driver) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (files.driverOf(address).filter(driver::equals).isPresent()) {
      if (System.nanoTime() > end) {
        return false;
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    return true;
  }
}

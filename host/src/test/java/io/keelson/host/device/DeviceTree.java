package io.keelson.host.device;

import io.keelson.host.Devices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A made-up tree of the files in which a kernel shows its devices, and a thread that does what such
 * a kernel does when an order is written to one of them.
 */
public final class DeviceTree implements AutoCloseable {
  private final Path root;
  private final Thread kernel = Thread.ofPlatform().daemon().unstarted(this::run);
  private volatile boolean ends;
  private volatile String usual = "";

  public DeviceTree(Path root) {
    this.root = root;
    folder("sys/bus/pci/devices");
    folder("sys/bus/pci/drivers");
    write("sys/bus/pci/drivers_probe", "");
  }

  /** The devices of that machine. */
  public Devices devices() {
    return new LinuxDevices(root, List.of("true"));
  }

  /** Which driver has a device. */
  public Optional<String> driverOf(String address) {
    return new Sysfs(root).driverOf(address);
  }

  Path device(String address) {
    return root.resolve("sys/bus/pci/devices").resolve(address);
  }

  /** Adds a device. */
  public DeviceTree device(String address, String code, String vendor, String device) {
    String folder = "sys/bus/pci/devices/" + address;
    write(folder + "/class", "0x" + code);
    write(folder + "/vendor", "0x" + vendor);
    write(folder + "/device", "0x" + device);
    write(folder + "/driver_override", "(null)");
    return this;
  }

  DeviceTree file(String address, String name, String text) {
    write("sys/bus/pci/devices/" + address + "/" + name, text);
    return this;
  }

  /** Adds a driver and lets it have devices. */
  public DeviceTree driver(String name, String... addresses) {
    write("sys/bus/pci/drivers/" + name + "/unbind", "");
    Stream.of(addresses).forEach(address -> bind(address, name));
    return this;
  }

  /** Puts devices into a group of the IOMMU. */
  public DeviceTree group(int number, String... addresses) {
    Path group = folder("sys/kernel/iommu_groups/" + number);
    Path members = folder("sys/kernel/iommu_groups/" + number + "/devices");
    for (String address : addresses) {
      link(members.resolve(address), device(address));
      link(device(address).resolve("iommu_group"), group);
    }
    return this;
  }

  /** Lets a device be divided. */
  public DeviceTree share(String address, String type, String name, String description, int free) {
    String folder = "sys/bus/pci/devices/" + address + "/mdev_supported_types/" + type;
    write(folder + "/name", name);
    write(folder + "/description", description);
    write(folder + "/available_instances", Integer.toString(free));
    write(folder + "/create", "");
    folder(folder + "/devices");
    folder("sys/bus/mdev/devices");
    return this;
  }

  DeviceTree names(String list) {
    write("usr/share/misc/pci.ids", list);
    return this;
  }

  Path folder(String path) {
    try {
      return Files.createDirectories(root.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(String path, String text) {
    try {
      Path file = root.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String read(String path) {
    return Sysfs.text(root.resolve(path));
  }

  private static void link(Path link, Path target) {
    try {
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void bind(String address, String driver) {
    link(device(address).resolve("driver"), root.resolve("sys/bus/pci/drivers").resolve(driver));
  }

  /** Begins to follow orders. */
  public DeviceTree run(String usualDriver) {
    usual = usualDriver;
    kernel.start();
    return this;
  }

  private void run() {
    while (!ends) {
      try {
        step();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      LockSupport.parkNanos(500_000);
    }
  }

  private void step() throws IOException {
    for (String driver : Sysfs.names(root.resolve("sys/bus/pci/drivers"))) {
      Path unbind = root.resolve("sys/bus/pci/drivers").resolve(driver).resolve("unbind");
      for (String address : taken(unbind)) {
        Files.deleteIfExists(device(address).resolve("driver"));
      }
    }
    for (String address : taken(root.resolve("sys/bus/pci/drivers_probe"))) {
      String wanted = Sysfs.text(device(address).resolve("driver_override"));
      String driver = wanted.isEmpty() || wanted.equals("(null)") ? usual : wanted;
      boolean known = Files.isDirectory(root.resolve("sys/bus/pci/drivers").resolve(driver));
      if (known && !Files.exists(device(address).resolve("driver"))) {
        bind(address, driver);
      }
    }
    for (String address : Sysfs.names(root.resolve("sys/bus/pci/devices"))) {
      Path types = device(address).resolve("mdev_supported_types");
      for (String type : Sysfs.names(types)) {
        for (String part : taken(types.resolve(type).resolve("create"))) {
          count(types.resolve(type), -1);
          write("sys/bus/mdev/devices/" + part + "/remove", "");
          write("sys/bus/mdev/devices/" + part + "/type", types.resolve(type).toString());
        }
      }
    }
    for (String part : Sysfs.names(root.resolve("sys/bus/mdev/devices"))) {
      Path made = root.resolve("sys/bus/mdev/devices").resolve(part);
      if (taken(made.resolve("remove")).contains("1")) {
        count(Path.of(Sysfs.text(made.resolve("type"))), 1);
        Files.delete(made.resolve("remove"));
        Files.delete(made.resolve("type"));
        Files.delete(made);
      }
    }
  }

  private static void count(Path type, int by) throws IOException {
    Path free = type.resolve("available_instances");
    Files.writeString(free, (Integer.parseInt(Sysfs.text(free)) + by) + "\n");
  }

  /** What was ordered, which is done only once. */
  private static List<String> taken(Path file) throws IOException {
    String text = Sysfs.text(file);
    if (text.isEmpty()) {
      return List.of();
    }
    Files.writeString(file, "");
    return text.lines().map(String::strip).toList();
  }

  public boolean isMade(UUID part) {
    return Files.exists(root.resolve("sys/bus/mdev/devices").resolve(part.toString()));
  }

  @Override
  public void close() {
    ends = true;
    try {
      kernel.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

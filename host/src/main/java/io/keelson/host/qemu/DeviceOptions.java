package io.keelson.host.qemu;

import io.keelson.host.DeviceSpec;
import io.keelson.host.DiskSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.NicAttachment;
import io.keelson.host.NicSpec;
import io.keelson.host.qemu.qmp.Json;
import java.util.Optional;

/**
 * Devices as a guest sees them, and what its network cards are connected to, in the terms that QEMU
 * takes both on its command line and while a domain runs.
 */
final class DeviceOptions {
  private static final int USUAL_MTU = 1500;
  private static final int SMALLEST_MTU = 68;
  private static final int MOST_QUEUES = 8;
  private static final int DRIVES_OF_A_CHANNEL = 2;

  private DeviceOptions() {}

  static Json.Builder device(String driver, String id) {
    return Json.object().put("driver", driver).put("id", id);
  }

  /** A device in a slot of the machine's PCI bus. */
  static Json.Builder device(String driver, String id, int slot) {
    return device(driver, id).put("addr", "0x" + Integer.toHexString(slot));
  }

  static Json.Builder disk(DiskSpec disk, String node, int slot, int processorsMax) {
    if (disk.source().isEmpty()) {
      throw new DriverException(Reason.INVALID, "a disk that cannot be removed is never empty");
    }
    Json.Builder device =
        device("virtio-blk-pci", Slots.id(disk), slot)
            .put("drive", node)
            // QEMU's own choice follows the processors on line, which change until a resume.
            .put("num-queues", Math.min(processorsMax, MOST_QUEUES))
            .put("werror", "report")
            .put("rerror", "report");
    return disk.serial().isEmpty() ? device : device.put("serial", disk.serial());
  }

  /**
   * @param number among the CD drives, from 0
   */
  static Json.Builder cd(DiskSpec disk, String node, int number) {
    return removable(disk, "ide-cd", node)
        .put("bus", "ide." + number / DRIVES_OF_A_CHANNEL)
        .put("unit", number % DRIVES_OF_A_CHANNEL);
  }

  /**
   * @param number among the floppy drives, from 0
   */
  static Json.Builder floppy(DiskSpec disk, String node, int number) {
    return removable(disk, "floppy", node).put("unit", number);
  }

  private static Json.Builder removable(DiskSpec disk, String driver, String node) {
    Json.Builder device = device(driver, Slots.id(disk));
    return disk.source().isPresent() ? device.put("drive", node) : device;
  }

  static boolean readOnly(DiskSpec disk) {
    return disk.readOnly() || disk.kind() == DiskSpec.Kind.CD;
  }

  static Json.Builder nic(NicSpec nic, int slot) {
    String id = Slots.nicId(nic.device());
    Json.Builder device = device("virtio-net-pci", id, slot).put("mac", nic.mac());
    if (nic.mtu() != USUAL_MTU && nic.mtu() >= SMALLEST_MTU) {
      device.put("host_mtu", nic.mtu());
    }
    return netdev(nic).isPresent() ? device.put("netdev", id + "-net") : device;
  }

  /** What a network card is connected to, empty for nothing. */
  static Optional<Json.Builder> netdev(NicSpec nic) {
    Json.Builder backend = Json.object().put("id", Slots.nicId(nic.device()) + "-net");
    return switch (nic.attachment()) {
      case NicAttachment.Tap(String device) ->
          Optional.of(
              backend
                  .put("type", "tap")
                  .put("ifname", device)
                  .put("script", "no")
                  .put("downscript", "no"));
      case NicAttachment.Multicast(String group, int port) ->
          Optional.of(
              backend
                  .put("type", "dgram")
                  .put("remote", inet(group, port))
                  .put("local", inet("127.0.0.1", 0)));
      case NicAttachment.User() -> Optional.of(backend.put("type", "user"));
      case NicAttachment.Unconnected() -> Optional.empty();
    };
  }

  private static Json inet(String host, int port) {
    return Json.object()
        .put("type", "inet")
        .put("host", host)
        .put("port", Integer.toString(port))
        .build();
  }

  /** A device of the host, whole or in part. */
  static Json.Builder passed(DeviceSpec spec, String id, int slot) {
    Json.Builder device = device("vfio-pci", id, slot);
    return switch (spec) {
      case DeviceSpec.Whole whole -> device.put("host", whole.address());
      case DeviceSpec.Part part -> device.put("sysfsdev", "/sys/bus/mdev/devices/" + part.id());
    };
  }
}

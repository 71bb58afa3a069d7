package io.keelson.host.qemu;

import io.keelson.host.DiskSpec;
import io.keelson.host.DomainSpec;
import io.keelson.host.DriverException;
import io.keelson.host.DriverException.Reason;
import io.keelson.host.NicSpec;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which device sits in which slot of the machine's one PCI bus.
 *
 * <p>The i440fx board offers 32 slots, all of which take and give devices while the guest runs. The
 * first five are the board's own and those that every machine has; disks, network cards and devices
 * of the host share the rest. Slots are chosen once and kept, since a suspended machine must come
 * back with the very same ones.
 */
final class Slots {
  static final int SCREEN = 2;
  static final int BALLOON = 3;
  static final int CHANNELS = 4;
  private static final int FIRST = 5;
  private static final int LAST = 31;

  private Slots() {}

  /** The id that QEMU knows a drive by. */
  static String id(DiskSpec disk) {
    return switch (disk.kind()) {
      case DISK -> diskId(disk.device());
      case CD -> "cd" + disk.device();
      case FLOPPY -> "floppy" + disk.device();
    };
  }

  static String diskId(int device) {
    return "disk" + device;
  }

  static String nicId(int device) {
    return "nic" + device;
  }

  /**
   * @param place in the machine's list of devices of its host
   */
  static String deviceId(int place) {
    return "host" + place;
  }

  /** Gives every disk, card and device of a new machine its slot, in the order of their numbers. */
  static SortedMap<String, Integer> assign(DomainSpec spec) {
    SortedMap<String, Integer> slots = new TreeMap<>();
    spec.disks().stream()
        .filter(disk -> disk.kind() == DiskSpec.Kind.DISK)
        .sorted(Comparator.comparingInt(DiskSpec::device))
        .forEach(disk -> slots.put(id(disk), free(slots)));
    spec.nics().stream()
        .sorted(Comparator.comparingInt(NicSpec::device))
        .forEach(nic -> slots.put(nicId(nic.device()), free(slots)));
    for (int place = 0; place < spec.devices().size(); place++) {
      slots.put(deviceId(place), free(slots));
    }
    return slots;
  }

  /** The lowest free slot; raises UNSUPPORTED when none is left. */
  static int free(SortedMap<String, Integer> slots) {
    for (int slot = FIRST; slot <= LAST; slot++) {
      if (!slots.containsValue(slot)) {
        return slot;
      }
    }
    throw new DriverException(
        Reason.UNSUPPORTED,
        "the machine has room for 27 disks, network cards and devices of the host");
  }
}

package io.keelson.host.qemu;

import io.keelson.host.Boot;
import io.keelson.host.DiskSpec;
import io.keelson.host.DomainSpec;
import io.keelson.host.NicSpec;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which of a machine's devices the firmware tries, one after the other. */
final class BootOrder {
  private BootOrder() {}

  /** The place of each device, by the id that QEMU knows it by; others are not tried. */
  static Map<String, Integer> of(DomainSpec spec) {
    Map<String, Integer> order = new HashMap<>();
    if (spec.boot() instanceof Boot.Firmware(List<Boot.Device> kinds)) {
      for (Boot.Device kind : kinds) {
        switch (kind) {
          case DISK -> drives(spec, DiskSpec.Kind.DISK, order);
          case CD -> drives(spec, DiskSpec.Kind.CD, order);
          case NETWORK -> cards(spec, order);
        }
      }
    }
    return order;
  }

  private static void drives(DomainSpec spec, DiskSpec.Kind kind, Map<String, Integer> order) {
    spec.disks().stream()
        .filter(disk -> disk.kind() == kind && disk.bootable())
        .sorted(Comparator.comparingInt(DiskSpec::device))
        .forEach(disk -> order.putIfAbsent(Slots.id(disk), order.size()));
  }

  private static void cards(DomainSpec spec, Map<String, Integer> order) {
    spec.nics().stream()
        .sorted(Comparator.comparingInt(NicSpec::device))
        .forEach(nic -> order.putIfAbsent(Slots.nicId(nic.device()), order.size()));
  }
}

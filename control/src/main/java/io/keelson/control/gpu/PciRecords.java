package io.keelson.control.gpu;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pci;
import io.keelson.api.model.Vm;
import io.keelson.host.PciDevice;
import io.keelson.store.Row;
import io.keelson.store.Transaction;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The records of a host's PCI devices. */
final class PciRecords {
  private PciRecords() {}

  /**
   * Makes the records be what was found. A device is the one that is known when it sits in the same
   * place and is called the same.
   *
   * @return the records of what was found
   */
  static Map<Ref<Pci>, PciDevice> refresh(Transaction tx, Ref<Host> host, List<PciDevice> found) {
    Map<String, Row<Pci>> known = new HashMap<>();
    tx.rows(ApiModel.PCI)
        .filter(row -> row.record().host().equals(host))
        .forEach(row -> known.put(row.record().pciId(), row));
    Map<Ref<Pci>, PciDevice> there = new LinkedHashMap<>();
    Map<String, Ref<Pci>> refs = new HashMap<>();
    for (PciDevice device : found) {
      Row<Pci> row = known.get(device.address());
      Ref<Pci> ref =
          row != null && isSame(row.record(), device)
              ? row.ref()
              : tx.create(ApiModel.PCI, record(host, device));
      refs.put(device.address(), ref);
      there.put(ref, device);
    }
    there.forEach((ref, device) -> describe(tx, ref, device, refs));
    known.values().stream()
        .map(Row::ref)
        .filter(ref -> !there.containsKey(ref))
        .forEach(ref -> remove(tx, ref));
    return there;
  }

  /** Names follow lists that are renewed; what was not known by name has its number for one. */
  private static boolean isSame(Pci record, PciDevice device) {
    return record.className().equals(device.className())
        && (record.deviceName().equals(device.deviceName())
            || record.deviceName().equals("Device " + device.device()));
  }

  private static Pci record(Ref<Host> host, PciDevice device) {
    return Pci.builder()
        .build()
        .with(b ->
            b.uuid(UUID.randomUUID().toString())
                .host(host)
                .pciId(device.address())
                .className(device.className())
                .vendorName(device.vendorName())
                .deviceName(device.deviceName())
                .subsystemVendorName(device.subsystemVendorName())
                .subsystemDeviceName(device.subsystemDeviceName()));
  }

  private static void describe(
      Transaction tx, Ref<Pci> ref, PciDevice device, Map<String, Ref<Pci>> refs) {
    Set<Ref<Pci>> together =
        device.together().stream()
            .filter(refs::containsKey)
            .map(refs::get)
            .collect(Collectors.toUnmodifiableSet());
    Pci now = tx.get(ApiModel.PCI, ref);
    Pci fresh =
        record(now.host(), device)
            .with(b -> b.uuid(now.uuid()).otherConfig(now.otherConfig()).dependencies(together));
    if (!fresh.equals(now)) {
      tx.update(ApiModel.PCI, ref, _ -> fresh);
    }
  }

  /** A VM that had it has lost it. */
  private static void remove(Transaction tx, Ref<Pci> device) {
    List<Row<Vm>> holders =
        tx.rows(ApiModel.VM).filter(vm -> vm.record().attachedPcis().contains(device)).toList();
    for (Row<Vm> vm : holders) {
      Set<Ref<Pci>> left =
          vm.record().attachedPcis().stream()
              .filter(each -> !each.equals(device))
              .collect(Collectors.toUnmodifiableSet());
      tx.update(ApiModel.VM, vm.ref(), v -> v.with(b -> b.attachedPcis(left)));
    }
    tx.delete(ApiModel.PCI, device);
  }
}

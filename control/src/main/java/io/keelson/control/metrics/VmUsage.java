package io.keelson.control.metrics;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.host.DiskUsage;
import io.keelson.host.DomainUsage;
import io.keelson.host.Drivers;
import io.keelson.host.Traffic;
import io.keelson.store.Snapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a VM with a domain used at one moment, as its drivers say.
 *
 * @param disks by device number
 * @param cards by device number
 */
record VmUsage(
    Vm vm,
    DomainUsage domain,
    Map<Integer, Vbd> disks,
    Map<Integer, Vif> cards,
    Map<Integer, Traffic> traffic) {

  /** Asks the drivers; raises DriverException when the domain has ended this instant. */
  static VmUsage read(Drivers drivers, UUID host, Snapshot state, Vm vm) {
    UUID uuid = UUID.fromString(vm.uuid());
    DomainUsage domain = drivers.compute().usage(host, uuid);
    Map<Integer, Vbd> disks = new HashMap<>();
    for (Ref<Vbd> ref : vm.vbds()) {
      state
          .find(ApiModel.VBD, ref)
          .ifPresent(vbd -> number(vbd.userdevice()).ifPresent(n -> disks.put(n, vbd)));
    }
    Map<Integer, Vif> cards = new HashMap<>();
    Map<Integer, Traffic> traffic = new HashMap<>();
    for (Ref<Vif> ref : vm.vifs()) {
      Optional<Vif> vif = state.find(ApiModel.VIF, ref);
      Optional<Integer> number = vif.flatMap(v -> number(v.device()));
      if (vif.isPresent() && number.isPresent()) {
        cards.put(number.get(), vif.get());
        drivers
            .network()
            .traffic(host, uuid, number.get())
            .ifPresent(t -> traffic.put(number.get(), t));
      }
    }
    return new VmUsage(vm, domain, disks, cards, traffic);
  }

  UUID uuid() {
    return UUID.fromString(vm.uuid());
  }

  /** The use of a drive, if the hypervisor tells. */
  Optional<DiskUsage> disk(int number) {
    return Optional.ofNullable(domain.disks().get(number));
  }

  private static Optional<Integer> number(String device) {
    return device.matches("\\d{1,4}") ? Optional.of(Integer.valueOf(device)) : Optional.empty();
  }
}

package io.keelson.control.exchange;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Sr;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdType;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.VdiType;
import io.keelson.api.model.Vif;
import io.keelson.api.model.Vm;
import io.keelson.control.vm.memory.MemoryCost;
import io.keelson.control.vm.power.SuspendedMachine;
import io.keelson.host.SavedMachine;
import io.keelson.store.Snapshot;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a suspended VM in an archive goes on with: its devices, and its memory. */
record ArrivedMemory(Arrivals arrivals, String id, Vm vm) {

  static ArrivedMemory of(Arrivals arrivals, String id) {
    return new ArrivedMemory(
        arrivals, id, Optional.ofNullable(arrivals.vms().get(id)).orElseThrow());
  }

  /**
   * The disk object for the image.
   *
   * @param arrived whose size is that of the image itself
   */
  Vdi disk(Vdi arrived, Ref<Sr> sr) {
    long room = MemoryCost.footprint(vm, vm.memoryStaticMax());
    return arrived.with(b -> b.sr(sr).type(VdiType.SUSPEND).virtualSize(room));
  }

  /** The machine as its VM's records will tell. */
  SuspendedMachine machine() {
    long onLine =
        Stream.ofNullable(arrivals.bundle().of(ApiModel.VM_METRICS).get(vm.metrics().text()))
            .mapToLong(metrics -> metrics.vcpusNumber())
            .filter(number -> number > 0)
            .findFirst()
            .orElse(vm.vcpusAtStartup());
    return new SuspendedMachine(
        vm.memoryTarget(),
        onLine,
        drives().map(Vbd::userdevice).collect(Collectors.toSet()),
        cards().map(Vif::device).collect(Collectors.toSet()));
  }

  private Stream<Vbd> drives() {
    return arrivals.vbds().values().stream()
        .filter(vbd -> vbd.vm().text().equals(id) && vbd.currentlyAttached());
  }

  private Stream<Vif> cards() {
    return arrivals.vifs().values().stream()
        .filter(vif -> vif.vm().text().equals(id) && vif.currentlyAttached());
  }

  /**
   * Makes sure that the image is of this VM: with other devices it could never be resumed.
   *
   * @throws io.keelson.api.ApiError IMPORT_ERROR
   */
  void check(SavedMachine saved) {
    Set<String> disks =
        drives()
            .filter(vbd -> vbd.type() == VbdType.DISK)
            .map(Vbd::userdevice)
            .collect(Collectors.toSet());
    Set<String> addresses =
        cards().map(vif -> card(vif.device(), vif.mac())).collect(Collectors.toSet());
    boolean tpm = arrivals.vtpms().values().stream().anyMatch(t -> t.vm().text().equals(id));
    boolean same =
        disks.equals(texts(saved.disks().stream(), device -> Integer.toString(device)))
            && addresses.equals(
                texts(
                    saved.addresses().entrySet().stream(),
                    nic -> card(Integer.toString(nic.getKey()), nic.getValue())))
            && vm.memoryStaticMax() == saved.memoryMaxBytes()
            && vm.vcpusMax() == saved.processorsMax()
            && tpm == saved.tpm();
    if (!same) {
      throw ApiErrors.importError(
          "The memory of the suspended VM " + vm.nameLabel() + " is of another machine: " + saved);
    }
  }

  private static <T> Set<String> texts(Stream<T> all, Function<T, String> text) {
    return all.map(text).collect(Collectors.toSet());
  }

  private static String card(String device, String address) {
    return device + "=" + address.toLowerCase(Locale.ROOT);
  }

  /**
   * Its guest goes on with the addresses that it knows, so nobody else may have them.
   *
   * @param replaced VMs that go
   * @throws io.keelson.api.ApiError IMPORT_ERROR
   */
  void checkAddresses(Snapshot state, Map<String, Ref<Vm>> replaced) {
    Set<String> own = texts(cards(), vif -> vif.mac().toLowerCase(Locale.ROOT));
    state
        .rows(ApiModel.VIF)
        .map(row -> row.record())
        .filter(vif -> own.contains(vif.mac()) && !replaced.containsValue(vif.vm()))
        .filter(vif -> !state.get(ApiModel.VM, vif.vm()).isASnapshot())
        .findFirst()
        .ifPresent(vif -> {
          throw ApiErrors.importError(
              "The suspended VM "
                  + vm.nameLabel()
                  + " goes on with the address "
                  + vif.mac()
                  + ", which a network card has here");
        });
  }
}

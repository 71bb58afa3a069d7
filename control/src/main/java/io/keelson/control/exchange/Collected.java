package io.keelson.control.exchange;

import io.keelson.api.ApiClass;
import io.keelson.api.ApiModel;
import io.keelson.api.ApiRecord;
import io.keelson.api.Ref;
import io.keelson.api.model.Host;
import io.keelson.api.model.Vbd;
import io.keelson.api.model.VbdType;
import io.keelson.api.model.Vdi;
import io.keelson.api.model.Vgpu;
import io.keelson.api.model.Vm;
import io.keelson.api.model.VmPowerState;
import io.keelson.control.rules.OnlyPool;
import io.keelson.store.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The objects that go into an archive with some VMs, and the names by which they refer to each
 * other there; references to all else become null.
 */
final class Collected {
  private static final String PARENT = "vhd-parent";

  private final Snapshot state;
  private final ExportOptions options;
  private final Map<String, String> ids = new HashMap<>();
  private final List<Found<?>> found = new ArrayList<>();
  private final Map<String, Ref<Vdi>> disks = new TreeMap<>();
  private final Map<String, Ref<Vdi>> memory = new TreeMap<>();

  private record Found<R extends ApiRecord>(ApiClass<R> apiClass, Ref<R> ref) {}

  private Collected(Snapshot state, ExportOptions options) {
    this.state = state;
    this.options = options;
  }

  /** All that belongs to these VMs. */
  static Collected of(Snapshot state, List<Ref<Vm>> vms, ExportOptions options) {
    Collected collected = new Collected(state, options);
    vms.forEach(collected::vm);
    return collected;
  }

  /** The disks whose data goes along, by the names of their folders, in the order of these. */
  Map<String, Ref<Vdi>> disks() {
    return new LinkedHashMap<>(disks);
  }

  /** The memory images that go along, as {@link #disks}. */
  Map<String, Ref<Vdi>> memory() {
    return new LinkedHashMap<>(memory);
  }

  /** The VMs among them, snapshots included. */
  List<Ref<Vm>> vms() {
    List<Ref<Vm>> vms = new ArrayList<>();
    found.forEach(f -> {
      if (f.apiClass == ApiModel.VM) {
        vms.add(new Ref<>(f.ref.text()));
      }
    });
    return vms;
  }

  Bundle bundle() {
    List<Item<?>> items = new ArrayList<>();
    found.forEach(f -> items.add(item(f)));
    return new Bundle(version(state), items, Map.of());
  }

  private void vm(Ref<Vm> ref) {
    if (!add(ApiModel.VM, ref)) {
      return;
    }
    Vm vm = state.get(ApiModel.VM, ref);
    add(ApiModel.VM_GUEST_METRICS, vm.guestMetrics());
    if (staysSuspended(vm)) {
      add(ApiModel.VM_METRICS, vm.metrics()); // how many processors it goes on with
      disk(vm.suspendVdi());
      memory.put(id(vm.suspendVdi().text()), vm.suspendVdi());
    }
    if (!options.excluded().contains(DeviceType.VBD)) {
      vm.vbds()
          .forEach(vbd -> {
            add(ApiModel.VBD, vbd);
            drive(state.get(ApiModel.VBD, vbd));
          });
    }
    if (!options.excluded().contains(DeviceType.VIF)) {
      vm.vifs()
          .forEach(vif -> {
            add(ApiModel.VIF, vif);
            add(ApiModel.NETWORK, state.get(ApiModel.VIF, vif).network());
          });
    }
    if (!options.excluded().contains(DeviceType.VTPM)) {
      vm.vtpms().forEach(vtpm -> add(ApiModel.VTPM, vtpm));
    }
    if (!options.excluded().contains(DeviceType.VGPU)) {
      vm.vgpus()
          .forEach(vgpu -> {
            add(ApiModel.VGPU, vgpu);
            add(ApiModel.GPU_GROUP, state.get(ApiModel.VGPU, vgpu).gpuGroup());
            add(ApiModel.VGPU_TYPE, state.get(ApiModel.VGPU, vgpu).type());
          });
    }
    if (options.snapshots()) {
      vm.snapshots().stream().sorted(Comparator.comparing(Ref::text)).forEach(this::vm);
    }
  }

  private boolean staysSuspended(Vm vm) {
    return options.powerState()
        && vm.powerState() == VmPowerState.SUSPENDED
        && state.find(ApiModel.VDI, vm.suspendVdi()).isPresent();
  }

  private void drive(Vbd vbd) {
    if (state.find(ApiModel.VDI, vbd.vdi()).isEmpty()) {
      return;
    }
    disk(vbd.vdi());
    if (vbd.type() == VbdType.DISK) {
      disks.put(id(vbd.vdi().text()), vbd.vdi());
    }
  }

  /** A disk, with those that it rests on where they are disks of the pool themselves. */
  private void disk(Ref<Vdi> ref) {
    if (!add(ApiModel.VDI, ref)) {
      return;
    }
    Vdi vdi = state.get(ApiModel.VDI, ref);
    add(ApiModel.SR, vdi.sr());
    if (options.diskParents()) {
      String parent = vdi.smConfig().getOrDefault(PARENT, "");
      state.table(ApiModel.VDI).byUuid(parent).ifPresent(this::disk);
    }
  }

  /** Whether it is there, and new. */
  private <R extends ApiRecord> boolean add(ApiClass<R> apiClass, Ref<R> ref) {
    if (state.find(apiClass, ref).isEmpty() || ids.containsKey(ref.text())) {
      return false;
    }
    ids.put(ref.text(), "Ref:" + ids.size());
    found.add(new Found<>(apiClass, ref));
    return true;
  }

  private <R extends ApiRecord> Item<R> item(Found<R> object) {
    R record = state.get(object.apiClass, object.ref);
    return new Item<>(
        object.apiClass,
        id(object.ref.text()),
        References.replace(object.apiClass, still(record), this::id));
  }

  private String id(String ref) {
    return Optional.ofNullable(ids.get(ref)).orElse(Ref.none().text());
  }

  /** The record as of something that does not run; a suspended VM keeps its devices. */
  @SuppressWarnings("unchecked") // a record becomes one of the same class
  private <R extends ApiRecord> R still(R record) {
    return switch (record) {
      case Vm vm -> (R) still(vm);
      case Vbd vbd -> (R) still(vbd);
      case Vgpu vgpu -> (R) vgpu.with(b -> b.currentlyAttached(false));
      case Vdi vdi -> (R) vdi.with(b -> b.currentOperations(Map.of()));
      default -> record; // nothing else says that it is in use
    };
  }

  private Vbd still(Vbd vbd) {
    boolean attached = vbd.currentlyAttached() && staysSuspended(state.get(ApiModel.VM, vbd.vm()));
    return vbd.with(b -> b.currentlyAttached(attached).currentOperations(Map.of()));
  }

  private Vm still(Vm vm) {
    VmPowerState power = staysSuspended(vm) ? VmPowerState.SUSPENDED : VmPowerState.HALTED;
    return vm.with(b ->
        b.currentOperations(Map.of())
            .powerState(power)
            .domid(-1)
            .lastBootedRecord("")
            .blobs(Map.of()));
  }

  /** Who writes: the archive's reader decides by it what it can expect. */
  private static Map<String, String> version(Snapshot state) {
    Map<String, String> version = new LinkedHashMap<>();
    Optional<Host> host = state.find(ApiModel.HOST, OnlyPool.master(state));
    host.ifPresent(h -> {
      version.put("hostname", h.hostname());
      version.put("xapi_major", Long.toString(h.apiVersionMajor()));
      version.put("xapi_minor", Long.toString(h.apiVersionMinor()));
      for (String key : List.of("date", "product_version", "product_brand", "build_number")) {
        version.put(key, h.softwareVersion().getOrDefault(key, ""));
      }
    });
    return version;
  }
}

package io.keelson.control.gpu;

import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.Pci;
import io.keelson.api.model.Pgpu;
import io.keelson.api.model.Vgpu;
import io.keelson.api.model.VgpuType;
import io.keelson.api.model.VgpuTypeImplementation;
import io.keelson.api.model.Vm;
import io.keelson.store.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who holds which devices, and what room that leaves on graphics processors. */
final class Occupancy {
  private final Snapshot state;
  private final Ref<Vm> without;
  private final Map<Ref<Pgpu>, List<Ref<VgpuType>>> parts = new HashMap<>();

  /** What VMs hold whole; found when it is first asked for, as most VMs want no device. */
  private Optional<Set<Ref<Pci>>> whole = Optional.empty();

  private Occupancy(Snapshot state, Ref<Vm> without) {
    this.state = state;
    this.without = without;
  }

  /** As it is now. */
  static Occupancy of(Snapshot state) {
    return new Occupancy(state, Ref.none());
  }

  /** As it would be if this VM held nothing. */
  static Occupancy without(Snapshot state, Ref<Vm> vm) {
    return new Occupancy(state, vm);
  }

  /** Whether a VM holds all of the device. */
  boolean isHeld(Ref<Pci> device) {
    return whole().contains(device);
  }

  private Set<Ref<Pci>> whole() {
    if (whole.isEmpty()) {
      Set<Ref<Pci>> held = new HashSet<>();
      state
          .rows(ApiModel.VM)
          .filter(row -> !row.ref().equals(without))
          .forEach(row -> held.addAll(row.record().attachedPcis()));
      whole = Optional.of(held);
    }
    return whole.get();
  }

  /** The kinds of the virtual GPUs that a physical one serves. */
  private List<Ref<VgpuType>> residents(Ref<Pgpu> gpu) {
    return parts.computeIfAbsent(gpu, this::recorded);
  }

  private List<Ref<VgpuType>> recorded(Ref<Pgpu> gpu) {
    List<Ref<VgpuType>> types = new ArrayList<>();
    for (Ref<Vgpu> each : state.get(ApiModel.PGPU, gpu).residentVgpus()) {
      Vgpu vgpu = state.get(ApiModel.VGPU, each);
      if (!vgpu.vm().equals(without)) {
        types.add(vgpu.type());
      }
    }
    return types;
  }

  /** Whether it serves any. */
  boolean isShared(Ref<Pgpu> gpu) {
    return !residents(gpu).isEmpty();
  }

  /**
   * How many more virtual GPUs of that kind there is room for: none unless the kind is enabled, and
   * none beside others than its own.
   */
  long remaining(Ref<Pgpu> ref, Ref<VgpuType> type) {
    Pgpu gpu = state.get(ApiModel.PGPU, ref);
    List<Ref<VgpuType>> residents = residents(ref);
    boolean fits =
        gpu.enabledVgpuTypes().contains(type)
            && residents.stream().allMatch(type::equals)
            && isFree(gpu, type);
    long most = gpu.supportedVgpuMaxCapacities().getOrDefault(type, 0L);
    return fits ? Math.max(0, most - residents.size()) : 0;
  }

  /** A whole one needs all that goes along with it. */
  private boolean isFree(Pgpu gpu, Ref<VgpuType> type) {
    if (isHeld(gpu.pci())) {
      return false;
    }
    return !isWhole(state, type)
        || state
            .find(ApiModel.PCI, gpu.pci())
            .map(pci -> pci.dependencies().stream().noneMatch(this::isHeld))
            .orElse(false);
  }

  /** Counts a device as held from now on. */
  void hold(Ref<Pci> device) {
    whole().add(device);
  }

  /** Counts one more virtual GPU. */
  void add(Ref<Pgpu> gpu, Ref<VgpuType> type) {
    residents(gpu).add(type);
  }

  /** Whether the kind is all of a physical GPU. */
  static boolean isWhole(Snapshot state, Ref<VgpuType> type) {
    return state.get(ApiModel.VGPU_TYPE, type).implementation()
        == VgpuTypeImplementation.PASSTHROUGH;
  }
}

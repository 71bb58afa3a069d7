package io.keelson.control.gpu;

import io.keelson.api.ApiErrors;
import io.keelson.api.ApiModel;
import io.keelson.api.Ref;
import io.keelson.api.model.AllocationAlgorithm;
import io.keelson.api.model.GpuGroup;
import io.keelson.api.model.Host;
import io.keelson.api.model.Pci;
import io.keelson.api.model.Pgpu;
import io.keelson.api.model.Vgpu;
import io.keelson.api.model.Vm;
import io.keelson.host.DeviceSpec;
import io.keelson.store.Row;
import io.keelson.store.Snapshot;
import io.keelson.store.Transaction;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The devices of a host that a VM holds while it runs: {@link #claim} with the VM's own claim, so
 * that nobody else gets them, {@link #attached} once it runs, {@link #detached} when it has ended.
 */
public final class HeldDevices {
  /** What chipset_info says where machines can be given whole devices. */
  static final String IOMMU = "iommu";

  private final Snapshot state;
  private final Ref<Vm> ref;
  private final Ref<Host> host;
  private final Occupancy occupancy;
  private final Map<Ref<Vgpu>, Ref<Pgpu>> gpus = new LinkedHashMap<>();
  private final Map<Ref<Pci>, DeviceSpec> whole = new LinkedHashMap<>();
  private final Map<Ref<Vgpu>, DeviceSpec> parts = new LinkedHashMap<>();

  private HeldDevices(Snapshot state, Ref<Vm> ref, Ref<Host> host) {
    this.state = state;
    this.ref = ref;
    this.host = host;
    this.occupancy = Occupancy.without(state, ref);
  }

  /**
   * Checks that the VM could have its devices on the host.
   *
   * @throws io.keelson.api.ApiError INVALID_VALUE for an other_config:pci that means nothing,
   *     VM_REQUIRES_IOMMU, VM_INCOMPATIBLE_WITH_THIS_HOST where a device is missing,
   *     DEVICE_ALREADY_ATTACHED, PGPU_IN_USE_BY_VM, VM_REQUIRES_GPU, VM_REQUIRES_VGPU
   */
  public static void checkHost(Snapshot state, Ref<Vm> ref, Ref<Host> host) {
    new HeldDevices(state, ref, host).choose();
  }

  /**
   * Gives the VM its devices on the host.
   *
   * @throws io.keelson.api.ApiError as {@link #checkHost}
   */
  public static List<DeviceSpec> claim(Transaction tx, Ref<Vm> ref, Ref<Host> host) {
    HeldDevices chosen = new HeldDevices(tx, ref, host);
    chosen.choose();
    detached(tx, ref);
    chosen.gpus.forEach(
        (vgpu, gpu) -> tx.update(ApiModel.VGPU, vgpu, v -> v.with(b -> b.residentOn(gpu))));
    if (!chosen.whole.isEmpty()) {
      Set<Ref<Pci>> devices = Set.copyOf(chosen.whole.keySet());
      tx.update(ApiModel.VM, ref, v -> v.with(b -> b.attachedPcis(devices)));
    }
    return Stream.concat(chosen.whole.values().stream(), chosen.parts.values().stream()).toList();
  }

  /** The VM runs with what was claimed for it. */
  public static void attached(Transaction tx, Ref<Vm> ref) {
    for (Ref<Vgpu> vgpu : tx.get(ApiModel.VM, ref).vgpus()) {
      if (!tx.get(ApiModel.VGPU, vgpu).residentOn().isNull()) {
        tx.update(ApiModel.VGPU, vgpu, v -> v.with(b -> b.currentlyAttached(true)));
      }
    }
  }

  /** The VM holds nothing. */
  public static void detached(Transaction tx, Ref<Vm> ref) {
    Vm vm = tx.get(ApiModel.VM, ref);
    for (Ref<Vgpu> each : vm.vgpus()) {
      Vgpu vgpu = tx.get(ApiModel.VGPU, each);
      if (vgpu.currentlyAttached() || !vgpu.residentOn().isNull()) {
        tx.update(
            ApiModel.VGPU,
            each,
            v -> v.with(b -> b.currentlyAttached(false).residentOn(Ref.none())));
      }
    }
    if (!vm.attachedPcis().isEmpty()) {
      tx.update(ApiModel.VM, ref, v -> v.with(b -> b.attachedPcis(Set.of())));
    }
  }

  /**
   * How much the VM's GPU group would like it to run on the host, the less the better; empty when
   * that does not matter. What the group fills first is best where it has least room left, what it
   * spreads where it has most.
   */
  public static OptionalLong distaste(Snapshot state, Ref<Vm> ref, Ref<Host> host) {
    Occupancy now = Occupancy.without(state, ref);
    return vgpus(state, state.get(ApiModel.VM, ref)).stream()
        .limit(1)
        .map(Row::record)
        .flatMap(vgpu ->
            members(state, vgpu.gpuGroup(), host)
                .map(gpu -> now.remaining(gpu.ref(), vgpu.type()))
                .filter(room -> room > 0)
                .map(room -> spreads(state, vgpu) ? -room : room))
        .mapToLong(Long::longValue)
        .min();
  }

  private void choose() {
    Vm vm = state.get(ApiModel.VM, ref);
    List<String> named = PciList.of(vm);
    List<Row<Vgpu>> vgpus = vgpus(state, vm);
    boolean anyWhole =
        !named.isEmpty()
            || vgpus.stream().anyMatch(v -> Occupancy.isWhole(state, v.record().type()));
    if (anyWhole && !"true".equals(state.get(ApiModel.HOST, host).chipsetInfo().get(IOMMU))) {
      throw ApiErrors.vmRequiresIommu(host.text());
    }
    named.forEach(this::take);
    vgpus.forEach(this::serve);
  }

  private void take(String address) {
    Row<Pci> device =
        state
            .rows(ApiModel.PCI)
            .filter(row -> row.record().host().equals(host) && row.record().pciId().equals(address))
            .findFirst()
            .orElseThrow(() ->
                ApiErrors.vmIncompatibleWithThisHost(
                    ref.text(), host.text(), "the host has no PCI device " + address));
    state
        .rows(ApiModel.PGPU)
        .filter(gpu -> gpu.record().pci().equals(device.ref()))
        .filter(gpu -> occupancy.isShared(gpu.ref()))
        .findFirst()
        .ifPresent(gpu -> {
          throw ApiErrors.pgpuInUseByVm(users(state, gpu.record()));
        });
    Stream.concat(Stream.of(device.ref()), device.record().dependencies().stream())
        .filter(each -> !whole.containsKey(each))
        .forEach(each -> {
          if (occupancy.isHeld(each)) {
            throw ApiErrors.deviceAlreadyAttached(each.text());
          }
          hold(each, returns(each));
        });
  }

  private void serve(Row<Vgpu> vgpu) {
    Vgpu wanted = vgpu.record();
    boolean all = Occupancy.isWhole(state, wanted.type());
    List<Row<Pgpu>> here = members(state, wanted.gpuGroup(), host).toList();
    Comparator<Row<Pgpu>> room =
        Comparator.comparingLong(gpu -> occupancy.remaining(gpu.ref(), wanted.type()));
    Optional<Row<Pgpu>> best =
        here.stream()
            .filter(gpu -> occupancy.remaining(gpu.ref(), wanted.type()) > 0)
            .min(
                (spreads(state, wanted) ? room.reversed() : room)
                    .thenComparing(gpu -> address(gpu.record().pci())));
    if (best.isEmpty()) {
      throw here.isEmpty() || all
          ? ApiErrors.vmRequiresGpu(ref.text(), wanted.gpuGroup().text())
          : ApiErrors.vmRequiresVgpu(ref.text(), wanted.gpuGroup().text(), wanted.type().text());
    }
    Row<Pgpu> gpu = best.get();
    gpus.put(vgpu.ref(), gpu.ref());
    occupancy.add(gpu.ref(), wanted.type());
    Ref<Pci> device = gpu.record().pci();
    if (all) {
      boolean returns = returns(gpu.record());
      hold(device, returns);
      state.get(ApiModel.PCI, device).dependencies().stream()
          .sorted(Comparator.comparing(this::address))
          .forEach(each -> hold(each, returns));
    } else {
      String type = state.get(ApiModel.VGPU_TYPE, wanted.type()).identifier();
      parts.put(
          vgpu.ref(), new DeviceSpec.Part(UUID.fromString(wanted.uuid()), address(device), type));
    }
  }

  private void hold(Ref<Pci> device, boolean returns) {
    occupancy.hold(device);
    whole.put(device, new DeviceSpec.Whole(address(device), returns));
  }

  private String address(Ref<Pci> device) {
    return state.get(ApiModel.PCI, device).pciId();
  }

  private boolean returns(Ref<Pci> device) {
    return state
        .rows(ApiModel.PGPU)
        .filter(gpu -> gpu.record().pci().equals(device))
        .allMatch(gpu -> returns(gpu.record()));
  }

  /** A device that the host's own system may not use stays out of its hands. */
  private static boolean returns(Pgpu gpu) {
    return BootStates.isUsable(gpu.dom0Access());
  }

  private static boolean spreads(Snapshot state, Vgpu vgpu) {
    return state.get(ApiModel.GPU_GROUP, vgpu.gpuGroup()).allocationAlgorithm()
        == AllocationAlgorithm.BREADTH_FIRST;
  }

  private static Stream<Row<Pgpu>> members(Snapshot state, Ref<GpuGroup> group, Ref<Host> host) {
    return state.get(ApiModel.GPU_GROUP, group).pgpus().stream()
        .flatMap(gpu -> state.table(ApiModel.PGPU).row(gpu).stream())
        .filter(gpu -> gpu.record().host().equals(host));
  }

  /** In the order of their numbers. */
  private static List<Row<Vgpu>> vgpus(Snapshot state, Vm vm) {
    return vm.vgpus().stream()
        .flatMap(vgpu -> state.table(ApiModel.VGPU).row(vgpu).stream())
        .sorted(Comparator.comparing(row -> row.record().device()))
        .toList();
  }

  /** The VMs that a physical GPU serves. */
  static List<String> users(Snapshot state, Pgpu gpu) {
    return Stream.concat(
            gpu.residentVgpus().stream().map(vgpu -> state.get(ApiModel.VGPU, vgpu).vm()),
            state
                .rows(ApiModel.VM)
                .filter(vm -> vm.record().attachedPcis().contains(gpu.pci()))
                .map(Row::ref))
        .map(Ref::text)
        .distinct()
        .sorted()
        .toList();
  }
}
